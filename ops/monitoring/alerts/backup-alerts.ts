import type { RuleGroup } from '../alert.ts';

const most = 'max by (job, instance)';

/**
 * For how many seconds. PostgreSQL says when it last archived; where it never has, failures tell, and the window is how long.
 * With an `archive_timeout` of a minute, and the presence that instances write, there is something to archive every minute.
 */
const archivesNothing = [
  `${most} (pg_stat_archiver_last_archive_age) > 600`,
  'or',
  `0 * (${most} (increase(pg_stat_archiver_failed_count[15m])) > 0) + 900`,
  `  unless ${most} (increase(pg_stat_archiver_archived_count[15m])) > 0`,
].join('\n');

/**
 * Of what backup jobs write for node-exporter to read. Who has no backup yet is not told so again and again: a series that
 * was never there is silent. One that was there counts for 14 days, also when the file that it stood in is gone.
 */
export const backupAlerts: RuleGroup = {
  name: 'backups',
  rules: [
    {
      name: 'WalArchivingStuck',
      severity: 'ticket',
      for: '5m',
      expr: archivesNothing,
      summary: 'PostgreSQL at {{ $labels.instance }} does not archive its log',
      description:
        'It has archived nothing for {{ $value | humanizeDuration }}; a minute is ordinary. What was written since is lost with the machine, and the log that waits fills the disk of the database.',
    },
    {
      name: 'BackupStale',
      severity: 'ticket',
      for: '10m',
      expr: 'time() - max(last_over_time(backup_last_success_timestamp_seconds[14d])) > 26h',
      summary: 'There is no new backup',
      description:
        'The last one that succeeded is {{ $value | humanizeDuration }} old; one a day is due. What came after it is lost with the database.',
    },
    {
      name: 'BackupShrunk',
      severity: 'ticket',
      for: '10m',
      expr: 'min by (instance) (\n  backup_size_bytes / max_over_time(backup_size_bytes[7d])\n) < 0.7',
      summary: 'The newest backup is much smaller than the ones before',
      description:
        'It has {{ $value | humanizePercentage }} of the largest of the last 7 days. A ledger grows: look whether all of it is there before older ones are deleted.',
    },
    {
      name: 'RestoreDrillStale',
      severity: 'ticket',
      for: '10m',
      expr: 'time() - max(last_over_time(restore_drill_last_success_timestamp_seconds[14d])) > 35d',
      summary: 'Nobody has restored a backup for long',
      description:
        'The last restore that succeeded was {{ $value | humanizeDuration }} ago; one a month is due. Until then nobody knows whether the backups are any good.',
    },
  ],
};
