import type { DashboardSource, PanelSource } from './dashboard-source.ts';
import { perSecond } from './promql.ts';

const disks = 'fstype!~"tmpfs|overlay|squashfs|ramfs|devtmpfs", mountpoint!~"/(proc|sys|dev|run).*"';
const devices = 'device!~"lo|veth.*|podman.*|br-.*"';

const targets: readonly PanelSource[] = [
  {
    title: 'Targets that answer',
    description: 'Whoever does not answer Prometheus is not watched.',
    unit: 'percentunit',
    max: 1,
    queries: [{ expr: 'avg by (job) (up)', legend: '{{job}}' }],
  },
  {
    title: 'Duration of a scrape',
    unit: 's',
    queries: [{ expr: 'max by (job) (scrape_duration_seconds)', legend: '{{job}}' }],
  },
  {
    title: 'Series of a target',
    description: 'An instance of Plimsoll has at most 10,000.',
    unit: 'short',
    queries: [{ expr: 'max by (job) (scrape_samples_post_metric_relabeling)', legend: '{{job}}' }],
  },
];

const containers: readonly PanelSource[] = [
  {
    title: 'Memory of a container, of its limit',
    description: 'What the kernel cannot simply take back. At 100 % it ends the process.',
    unit: 'percentunit',
    max: 1,
    queries: [{ expr: 'cgroup_memory_bytes / cgroup_memory_limit_bytes', legend: '{{instance}}' }],
  },
  {
    title: 'CPU of a container',
    description: 'Of one core.',
    unit: 'percentunit',
    queries: [{ expr: 'rate(cgroup_cpu_seconds_total[$__rate_interval])', legend: '{{instance}}' }],
  },
  {
    title: 'Time in which a container had used up its CPU',
    unit: 'percentunit',
    max: 1,
    queries: [
      {
        expr: 'rate(cgroup_cpu_throttled_periods_total[$__rate_interval]) / (rate(cgroup_cpu_periods_total[$__rate_interval]) > 0)',
        legend: '{{instance}}',
      },
    ],
    emptyInHealth: 'No container has a limit of CPU.',
  },
  {
    title: 'CPU by process',
    description: 'Of one core.',
    unit: 'percentunit',
    width: 12,
    queries: [{ expr: 'rate(process_cpu_seconds_total[$__rate_interval])', legend: '{{job}} {{instance}}' }],
  },
  {
    title: 'Memory by process',
    unit: 'bytes',
    width: 12,
    queries: [{ expr: 'process_resident_memory_bytes', legend: '{{job}} {{instance}}' }],
  },
];

const host: readonly PanelSource[] = [
  {
    title: 'CPU of the host',
    kind: 'areas',
    unit: 'percentunit',
    max: 1,
    queries: [
      {
        expr: 'avg by (mode) (rate(node_cpu_seconds_total{mode!="idle"}[$__rate_interval]))',
        legend: '{{mode}}',
      },
    ],
  },
  {
    title: 'Load, for each core',
    description: 'Above 1 for long there is more to do than there are cores.',
    unit: 'none',
    queries: [
      {
        expr: 'node_load1 / on (instance) count by (instance) (node_cpu_seconds_total{mode="idle"})',
        legend: '{{instance}}',
      },
    ],
  },
  {
    title: 'Memory of the host, taken',
    unit: 'percentunit',
    max: 1,
    queries: [{ expr: '1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes', legend: '{{instance}}' }],
  },
  {
    title: 'Disks, taken',
    unit: 'percentunit',
    max: 1,
    queries: [
      {
        expr: `1 - max by (instance, device) (node_filesystem_avail_bytes{${disks}}) / max by (instance, device) (node_filesystem_size_bytes{${disks}})`,
        legend: '{{instance}} {{device}}',
      },
    ],
  },
  {
    title: 'Disk traffic',
    unit: 'Bps',
    queries: [
      { expr: perSecond('node_disk_read_bytes_total'), legend: 'read' },
      { expr: perSecond('node_disk_written_bytes_total'), legend: 'written' },
    ],
  },
  {
    title: 'Network traffic',
    unit: 'Bps',
    queries: [
      { expr: perSecond(`node_network_receive_bytes_total{${devices}}`), legend: 'received' },
      { expr: perSecond(`node_network_transmit_bytes_total{${devices}}`), legend: 'sent' },
    ],
  },
];

// The proxy counts a request at each handler that it passes; the outermost sees all.
const handlers = 'handler!~"metrics|static_response"';
const atProxy = (series: string, by: string) =>
  `max by (${by}) (${perSecond(`caddy_http_request_duration_seconds_${series}{${handlers}}`, `${by}, handler`)})`;

const proxy: readonly PanelSource[] = [
  {
    title: 'Requests through the proxy',
    unit: 'reqps',
    queries: [{ expr: atProxy('count', 'code'), legend: '{{code}}' }],
  },
  {
    title: 'Duration at the proxy',
    unit: 's',
    queries: [0.5, 0.99].map((of) => ({
      expr: `histogram_quantile(${of}, ${atProxy('bucket', 'le')})`,
      legend: `p${of * 100}`,
    })),
  },
  {
    title: 'Instances that get requests',
    unit: 'bool_yes_no',
    queries: [
      {
        expr: 'max by (upstream) (caddy_reverse_proxy_upstreams_healthy{upstream!~"127[.].*"})',
        legend: '{{upstream}}',
      },
    ],
  },
];

const groupShare = 'prometheus_rule_group_last_duration_seconds / prometheus_rule_group_interval_seconds';

const monitoring: readonly PanelSource[] = [
  {
    title: 'Series of Prometheus',
    unit: 'short',
    queries: [{ expr: 'prometheus_tsdb_head_series', legend: 'series' }],
  },
  {
    title: 'Rules, share of their interval',
    description: 'How long a group takes to be evaluated. Above 5 % rules are too dear.',
    unit: 'percentunit',
    queries: [
      {
        expr: `max by (group) (label_replace(${groupShare}, "group", "$1", "rule_group", ".*;(.+)"))`,
        legend: '{{group}}',
      },
    ],
  },
  {
    title: 'Notifications',
    description: 'To all receivers. Those that failed are missing with somebody.',
    unit: 'cps',
    queries: [
      { expr: perSecond('alertmanager_notifications_total'), legend: 'sent' },
      { expr: perSecond('alertmanager_notifications_failed_total'), legend: 'failed' },
    ],
  },
];

export const containersAndHosts: DashboardSource = {
  uid: 'plimsoll-hosts',
  title: 'Containers and hosts',
  description: 'What Plimsoll runs on, and whether those who watch it are well.',
  source: 'prometheus',
  rows: [
    { title: 'Targets', panels: targets },
    { title: 'Containers and processes', panels: containers },
    { title: 'Host', panels: host },
    { title: 'Proxy', panels: proxy },
    { title: 'Monitoring', panels: monitoring },
  ],
};
