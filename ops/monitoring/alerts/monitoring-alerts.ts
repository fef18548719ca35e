import type { RuleGroup } from '../alert.ts';

/** Hosts, and the watching itself. */
export const monitoringAlerts: RuleGroup = {
  name: 'monitoring',
  rules: [
    {
      name: 'TargetDown',
      severity: 'ticket',
      for: '2m',
      expr: 'up == 0',
      summary: '{{ $labels.job }} at {{ $labels.instance }} does not answer Prometheus',
      description:
        'up has been {{ $value }} for 2 minutes. What it would have told is unknown, and alerts that rest on it are silent.',
    },
    {
      name: 'HostDown',
      severity: 'page',
      for: '1m',
      expr: 'max by (host) (up{host!=""}) == 0',
      summary: 'The host {{ $labels.host }} is down',
      description:
        'Nothing on it answers Prometheus (the best of its targets is {{ $value }}). What else is told of it follows from that and is held back.',
    },
    {
      name: 'DiskFilling',
      severity: 'ticket',
      for: '5m',
      expr: 'node_filesystem_avail_bytes{fstype!~"tmpfs|ramfs|squashfs|iso9660"}\n  / node_filesystem_size_bytes < 0.1',
      summary: 'The file system {{ $labels.mountpoint }} of {{ $labels.instance }} is nearly full',
      description:
        '{{ $value | humanizePercentage }} of it is free. PostgreSQL stops when it cannot write, and takes everything with it.',
    },
    {
      name: 'AlertDeliveryFailing',
      severity: 'ticket',
      for: '2m',
      expr: 'sum by (integration) (rate(alertmanager_notifications_failed_total[5m])) > 0',
      summary: 'Alertmanager does not reach its receiver by {{ $labels.integration }}',
      description:
        '{{ $value | humanize }} notifications a second fail. Whoever is told by {{ $labels.integration }} alone is told nothing; the log of Alertmanager says why.',
    },
    {
      name: 'Watchdog',
      severity: 'info',
      for: '0s',
      expr: 'vector(1)',
      summary: 'Alerts are evaluated and delivered',
      description:
        'It always fires, with the value {{ $value }}. Something outside expects it, and calls when it stays away.',
    },
  ],
};
