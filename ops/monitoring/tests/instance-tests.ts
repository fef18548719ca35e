import { ago, type AlertTest, always, gauge, startTime } from './alert-test.ts';

const app1 = 'job="plimsoll", instance="app-1:9464"';
const app2 = 'job="plimsoll", instance="app-2:9464"';
const ofApp1 = { job: 'plimsoll', instance: 'app-1:9464' };
const build = (version: string) => `app_build_info{${app2}, version="${version}", git_sha="b"}`;

export const instanceTests: readonly AlertTest[] = [
  {
    alert: 'AppAbsent',
    fires: 'no instance answers',
    silent: 'one of two instances answers',
    series: { [`up{${app1}}`]: gauge(1, 1, 0), [`up{${app2}}`]: gauge(1, 0, 0) },
    firesWithout: true,
    summary: 'No instance of Plimsoll answers Prometheus',
    description:
      'Prometheus reaches 0 instances: either none runs, or the network between is gone. Deployments and verdicts stand still; what runs goes on.',
  },
  {
    alert: 'NotReady',
    fires: 'an instance answers /readyz with 503',
    silent: 'an instance is ready or degraded',
    series: { [`app_ready{${app1}}`]: gauge(1, 1, 0), [`app_maintenance{${app1}}`]: always(0) },
    labels: ofApp1,
    summary: 'app-1:9464 is not ready',
    description:
      'app_ready has been 0 for 5 minutes, and nobody took the instance out of service. GET /health on its operations port says which dependency is missing.',
  },
  {
    alert: 'NotReady',
    silent: 'somebody took the instance out of service',
    series: { [`app_ready{${app1}}`]: gauge(1, 0, 0), [`app_maintenance{${app1}}`]: gauge(0, 1, 1) },
  },
  {
    alert: 'DrainStuck',
    fires: 'an instance stays out of service',
    silent: 'no instance is out of service',
    series: {
      [`app_maintenance{${app1}}`]: gauge(0, 0, 1),
      [`app_phase{${app1}, phase="draining"}`]: always(0),
      [`app_phase{${app1}, phase="ready"}`]: always(1),
    },
    labels: ofApp1,
    summary: 'app-1:9464 has been out of service for 15 minutes',
    description:
      'app_maintenance or the phase draining is 1: somebody drained the instance and did not take it back. The other instances carry its load. DELETE /drain brings it back.',
  },
  {
    alert: 'DrainStuck',
    fires: 'a process drains and never ends',
    series: {
      [`app_maintenance{${app1}}`]: always(0),
      [`app_phase{${app1}, phase="draining"}`]: gauge(0, 0, 1),
    },
    labels: ofApp1,
    summary: 'app-1:9464 has been out of service for 15 minutes',
    description:
      'app_maintenance or the phase draining is 1: somebody drained the instance and did not take it back. The other instances carry its load. DELETE /drain brings it back.',
  },
  {
    alert: 'CrashLooping',
    fires: 'an instance begins anew every 4 minutes',
    silent: 'an instance begins anew every 10 minutes',
    series: { [`process_start_time_seconds{${app1}}`]: startTime(0, 600, 240) },
    during: '16m',
    labels: ofApp1,
    summary: 'app-1:9464 restarts again and again',
    description:
      'It began anew 4 times in 15 minutes; a deployment does so once. The exit code and the last lines of its log say why.',
  },
  {
    alert: 'VersionSkew',
    fires: 'two versions run side by side',
    silent: 'every instance runs the same version',
    series: {
      [`app_build_info{${app1}, version="1.0.0", git_sha="b"}`]: always(1),
      [build('1.0.0')]: gauge(1, 1, null),
      [build('1.1.0')]: gauge(null, null, 1),
    },
    summary: 'Instances run different versions',
    description:
      '2 versions have run side by side for 30 minutes: a deployment stopped half way. Both work on the present schema, but not for ever.',
  },
  {
    alert: 'ConfigDrift',
    fires: 'two instances have different settings',
    silent: 'two instances have the same settings',
    series: {
      [`app_config_info{${app1}, hash="aa"}`]: always(1),
      [`app_config_info{${app2}, hash="aa"}`]: gauge(1, 1, null),
      [`app_config_info{${app2}, hash="bb"}`]: gauge(null, null, 1),
    },
    labels: { of: 'settings' },
    summary: 'Instances differ in their settings',
    description:
      '2 different settings have been in use for 15 minutes: what a request gets depends on the instance that answers it.',
  },
  {
    alert: 'ConfigDrift',
    fires: 'an instance does not hear of a new runtime configuration',
    series: {
      [`runtime_config_revision{${app1}}`]: gauge(7, 8, 8),
      [`runtime_config_revision{${app2}}`]: gauge(7, 8, 7),
    },
    labels: { of: 'runtime configuration' },
    summary: 'Instances differ in their runtime configuration',
    description:
      '2 different runtime configuration have been in use for 15 minutes: what a request gets depends on the instance that answers it.',
  },
  {
    alert: 'MigrationPending',
    fires: 'the database lacks a migration',
    silent: 'the database has every migration',
    series: {
      [`db_migration_pending{${app1}}`]: gauge(0, 0, 2),
      [`db_migration_pending{${app2}}`]: always(0),
    },
    labels: { job: 'plimsoll' },
    summary: 'The database lacks migrations of the build that runs',
    description: '2 migrations are missing. Instances of that build stay unready until the migrate program has run.',
  },
  {
    alert: 'JobMissed',
    fires: 'a job of every 15 s has not succeeded for longer than 105 s',
    silent: 'its last success is 105 s ago',
    series: {
      [`job_last_success_timestamp_seconds{${app1}, exported_job="drift"}`]: ago(10, 105, 106),
      [`job_interval_seconds{${app1}, exported_job="drift"}`]: always(15),
      [`process_start_time_seconds{${app1}}`]: always(0),
    },
    labels: { ...ofApp1, exported_job: 'drift' },
    summary: 'The job drift of app-1:9464 does not succeed',
    description:
      'Its last success was 1m 46s ago, which is more than three of its intervals. GET /jobs on the operations port says since when it fails.',
  },
  {
    alert: 'JobMissed',
    fires: 'a job has never succeeded since the process began',
    silent: 'the process began a moment ago',
    series: {
      [`job_interval_seconds{${app1}, exported_job="drift"}`]: always(15),
      [`process_start_time_seconds{${app1}}`]: ago(10, 105, 106),
    },
    labels: { ...ofApp1, exported_job: 'drift' },
    summary: 'The job drift of app-1:9464 does not succeed',
    description:
      'Its last success was 1m 46s ago, which is more than three of its intervals. GET /jobs on the operations port says since when it fails.',
  },
];
