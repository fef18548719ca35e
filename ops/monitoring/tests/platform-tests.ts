import { ago, type AlertTest, always, counter, gauge } from './alert-test.ts';

const host = 'job="node", instance="host-1:9100"';
const ofHost = { job: 'node', instance: 'host-1:9100' };
const archiver = 'job="postgres", instance="postgres-exporter:9187", server="postgres:5432"';
const ofExporter = { job: 'postgres', instance: 'postgres-exporter:9187' };
const [hour, day] = [3600, 86_400];
const disk = `${host}, mountpoint="/", device="/dev/sda1", fstype="ext4"`;

export const platformTests: readonly AlertTest[] = [
  {
    alert: 'WalArchivingStuck',
    fires: 'nothing was archived for more than 10 minutes',
    silent: 'something was archived 10 minutes ago',
    series: { [`pg_stat_archiver_last_archive_age{${archiver}}`]: gauge(30, 600, 630) },
    labels: ofExporter,
    summary: 'PostgreSQL at postgres-exporter:9187 does not archive its log',
    description:
      'It has archived nothing for 10m 30s; a minute is ordinary. What was written since is lost with the machine, and the log that waits fills the disk of the database.',
  },
  {
    alert: 'WalArchivingStuck',
    fires: 'it fails and has never succeeded',
    silent: 'it fails now and then',
    series: {
      [`pg_stat_archiver_failed_count{${archiver}}`]: counter(0, 0.05, 0.05),
      [`pg_stat_archiver_archived_count{${archiver}}`]: counter(0.02, 0.02, 0),
    },
    labels: ofExporter,
    summary: 'PostgreSQL at postgres-exporter:9187 does not archive its log',
    description:
      'It has archived nothing for 15m 0s; a minute is ordinary. What was written since is lost with the machine, and the log that waits fills the disk of the database.',
  },
  {
    alert: 'BackupStale',
    fires: 'the last backup is more than 26 hours old',
    silent: 'it is 26 hours old',
    series: { [`backup_last_success_timestamp_seconds{${host}}`]: ago(hour, 26 * hour, 26 * hour + 60) },
    during: '15m',
    after: '5m',
    summary: 'There is no new backup',
    description:
      'The last one that succeeded is 1d 2h 1m 0s old; one a day is due. What came after it is lost with the database.',
  },
  {
    alert: 'BackupStale',
    fires: 'the file with its time is gone, and with it what would say that it is old',
    series: { [`backup_last_success_timestamp_seconds{${host}}`]: gauge(-25 * hour, -25 * hour, null) },
    step: '5m',
    during: '3h',
    after: '0s',
    summary: 'There is no new backup',
    description:
      'The last one that succeeded is 1d 4h 5m 0s old; one a day is due. What came after it is lost with the database.',
  },
  {
    alert: 'BackupShrunk',
    fires: 'a backup has less than 70 % of the largest of the week',
    silent: 'it has 70 % of it',
    series: { [`backup_size_bytes{${host}}`]: gauge(1000, 700, 690) },
    during: '15m',
    after: '5m',
    labels: { instance: 'host-1:9100' },
    summary: 'The newest backup is much smaller than the ones before',
    description:
      'It has 69% of the largest of the last 7 days. A ledger grows: look whether all of it is there before older ones are deleted.',
  },
  {
    alert: 'RestoreDrillStale',
    fires: 'the last restore was more than 35 days ago',
    silent: 'it was 35 days ago',
    series: { [`restore_drill_last_success_timestamp_seconds{${host}}`]: ago(hour, 35 * day, 35 * day + 60) },
    during: '15m',
    after: '5m',
    summary: 'Nobody has restored a backup for long',
    description:
      'The last restore that succeeded was 35d 0h 1m 0s ago; one a month is due. Until then nobody knows whether the backups are any good.',
  },
  {
    alert: 'TargetDown',
    fires: 'a target does not answer',
    silent: 'it answers',
    series: { [`up{${host}}`]: gauge(1, 1, 0) },
    labels: ofHost,
    summary: 'node at host-1:9100 does not answer Prometheus',
    description:
      'up has been 0 for 2 minutes. What it would have told is unknown, and alerts that rest on it are silent.',
  },
  {
    alert: 'HostDown',
    fires: 'nothing on a host answers',
    silent: 'one target of the host answers',
    series: {
      [`up{${host}, host="host-1"}`]: gauge(1, 0, 0),
      'up{job="plimsoll", instance="host-1:9464", host="host-1"}': gauge(1, 1, 0),
    },
    labels: { host: 'host-1' },
    summary: 'The host host-1 is down',
    description:
      'Nothing on it answers Prometheus (the best of its targets is 0). What else is told of it follows from that and is held back.',
  },
  {
    alert: 'DiskFilling',
    fires: 'less than 10 % of a file system are free',
    silent: '10 % are free',
    series: {
      [`node_filesystem_avail_bytes{${disk}}`]: gauge(50, 10, 9),
      [`node_filesystem_size_bytes{${disk}}`]: always(100),
    },
    labels: { ...ofHost, mountpoint: '/', device: '/dev/sda1', fstype: 'ext4' },
    summary: 'The file system / of host-1:9100 is nearly full',
    description: '9% of it is free. PostgreSQL stops when it cannot write, and takes everything with it.',
  },
  {
    alert: 'AlertDeliveryFailing',
    fires: 'notifications are not taken',
    silent: 'every notification is taken',
    series: {
      'alertmanager_notifications_failed_total{integration="webhook", receiver_name="plimsoll"}': counter(0, 0, 0.25),
      'alertmanager_notifications_failed_total{integration="email", receiver_name="people"}': always(3),
    },
    during: '8m',
    labels: { integration: 'webhook' },
    summary: 'Alertmanager does not reach its receiver by webhook',
    description:
      '250m notifications a second fail. Whoever is told by webhook alone is told nothing; the log of Alertmanager says why.',
  },
  {
    alert: 'Watchdog',
    series: { 'up{job="prometheus"}': always(1) },
    firesWithout: true,
    summary: 'Alerts are evaluated and delivered',
    description: 'It always fires, with the value 1. Something outside expects it, and calls when it stays away.',
  },
];
