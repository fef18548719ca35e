import type { RuleGroup } from '../alert.ts';

/** Are the instances there, and do they serve? */
export const instanceAlerts: RuleGroup = {
  name: 'instances',
  rules: [
    {
      name: 'AppAbsent',
      severity: 'page',
      for: '1m',
      keepFiring: '3m',
      expr: 'absent(up{job="plimsoll"} == 1)',
      summary: 'No instance of Plimsoll answers Prometheus',
      description:
        'Prometheus reaches 0 instances: either none runs, or the network between is gone. Deployments and verdicts stand still; what runs goes on.',
    },
    {
      name: 'NotReady',
      severity: 'ticket',
      for: '5m',
      expr: 'app_ready{job="plimsoll"} == 0\nunless on (instance) app_maintenance{job="plimsoll"} == 1',
      summary: '{{ $labels.instance }} is not ready',
      description:
        'app_ready has been {{ $value }} for 5 minutes, and nobody took the instance out of service. GET /health on its operations port says which dependency is missing.',
    },
    {
      name: 'DrainStuck',
      severity: 'ticket',
      for: '15m',
      expr: 'max by (job, instance) (\n  app_maintenance{job="plimsoll"} == 1\n  or ignoring (phase) app_phase{job="plimsoll", phase="draining"} == 1\n)',
      summary: '{{ $labels.instance }} has been out of service for 15 minutes',
      description:
        'app_maintenance or the phase draining is {{ $value }}: somebody drained the instance and did not take it back. The other instances carry its load. DELETE /drain brings it back.',
    },
    {
      name: 'CrashLooping',
      severity: 'page',
      for: '30s',
      expr: 'changes(process_start_time_seconds{job="plimsoll"}[15m]) >= 3',
      summary: '{{ $labels.instance }} restarts again and again',
      description:
        'It began anew {{ $value }} times in 15 minutes; a deployment does so once. The exit code and the last lines of its log say why.',
    },
    {
      name: 'VersionSkew',
      severity: 'ticket',
      for: '30m',
      expr: 'count(count by (version, git_sha) (app_build_info{job="plimsoll"})) > 1',
      summary: 'Instances run different versions',
      description:
        '{{ $value }} versions have run side by side for 30 minutes: a deployment stopped half way. Both work on the present schema, but not for ever.',
    },
    {
      name: 'ConfigDrift',
      severity: 'ticket',
      for: '15m',
      expr: 'label_replace(count(count by (hash) (app_config_info{job="plimsoll"})) > 1, "of", "settings", "", "")\nor label_replace(count(count_values("revision", runtime_config_revision{job="plimsoll"})) > 1, "of", "runtime configuration", "", "")',
      summary: 'Instances differ in their {{ $labels.of }}',
      description:
        '{{ $value }} different {{ $labels.of }} have been in use for 15 minutes: what a request gets depends on the instance that answers it.',
    },
    {
      name: 'MigrationPending',
      severity: 'ticket',
      for: '10m',
      expr: 'max by (job) (db_migration_pending{job="plimsoll"}) > 0',
      summary: 'The database lacks migrations of the build that runs',
      description:
        '{{ $value }} migrations are missing. Instances of that build stay unready until the migrate program has run.',
    },
    {
      name: 'JobMissed',
      severity: 'ticket',
      for: '2m',
      expr: [
        'time() - (',
        '  job_last_success_timestamp_seconds{job="plimsoll"}',
        '  or 0 * job_interval_seconds{job="plimsoll"} + on (instance) group_left () process_start_time_seconds{job="plimsoll"}',
        ') > 3 * job_interval_seconds{job="plimsoll"} + 60',
      ].join('\n'),
      summary: 'The job {{ $labels.exported_job }} of {{ $labels.instance }} does not succeed',
      description:
        'Its last success was {{ $value | humanizeDuration }} ago, which is more than three of its intervals. GET /jobs on the operations port says since when it fails.',
    },
  ],
};
