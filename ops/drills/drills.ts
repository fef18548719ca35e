import type { Drill, Undrilled } from './drill.ts';
import { compose, lockTable, lockTableAgainAndAgain, remade, sql, within, writes } from './faults.ts';

const busy = (forMs: number, everyMs: number) =>
  `setInterval(() => { for (const end = Date.now() + ${forMs}; Date.now() < end; ); }, ${everyMs})`;
const fill = (isFull: string, piece: string) =>
  `globalThis.kept = []; setInterval(() => { if (!(${isFull})) kept.push(${piece}); }, 20)`;

/** In bytes: what the container is charged for. The whole RSS has the pages of Node's own file in it as well. */
const anonymous =
  '(1024 * /RssAnon:\\s+([0-9]+)/.exec(process.getBuiltinModule("fs").readFileSync("/proc/self/status", "utf8"))[1])';

/** Adds to what is scraped, before the mark of its end. The length was told before that, so it is taken back. */
const manySeries =
  'const { ServerResponse } = process.getBuiltinModule("http"); const { end, writeHead } = ServerResponse.prototype; ' +
  'const more = Array.from({ length: 10000 }, (_, n) => `drill_series{n="${n}"} 1\\n`).join(""); ' +
  'const isScrape = (response) => response.req.url === "/metrics"; ' +
  'ServerResponse.prototype.writeHead = function (status, ...rest) { ' +
  'if (isScrape(this)) for (const headers of rest) delete headers?.["content-length"]; ' +
  'return writeHead.call(this, status, ...rest); }; ' +
  'ServerResponse.prototype.end = function (text, ...rest) { ' +
  'const told = isScrape(this) ? String(text).replace(/(# EOF\\n)?$/, (mark) => more + mark) : text; ' +
  'return end.call(this, told, ...rest); };';

const inBackup = (script: string) => `ops/scripts/inside backup bash -c '${script}'`;
/** What the service has noted is moved back in time, and it is kept from making up for it. */
const aged = (days: number, ...notes: string[]) =>
  inBackup(
    `touch /backups/state/paused; for note in ${notes.join(' ')}; do ` +
      `echo $((EPOCHSECONDS - ${days} * 86400)) >/backups/state/$note; done; /ops/backup/metrics`,
  );
const goOnMaking = inBackup('rm -f /backups/state/paused');

const backupDrills: readonly Drill[] = [
  {
    alert: 'WalArchivingStuck',
    fault: 'somebody takes the right to write in the archive of the backups',
    inject: inBackup('chmod -R a-w /backups/repo/archive'),
    // A minute passes between attempts.
    factor: 10,
  },
  {
    alert: 'BackupStale',
    fault: 'no backup was made for two days',
    inject: aged(2, 'full', 'diff', 'dump'),
    after: goOnMaking,
  },
  {
    alert: 'BackupShrunk',
    fault: 'the newest dump has a few bytes',
    inject: inBackup('touch /backups/state/paused; echo 20 >/backups/state/dump-size; /ops/backup/metrics'),
    after: goOnMaking,
  },
  {
    alert: 'RestoreDrillStale',
    fault: 'nothing was restored for 40 days',
    inject: aged(40, 'restored'),
    after: goOnMaking,
  },
];

/** Every alert: how it is drilled, or why it cannot be. */
export const drills: readonly (Drill | Undrilled)[] = [
  ...(['ErrorBudgetBurnFast', 'ErrorBudgetBurnMedium', 'ErrorBudgetBurnSlow', 'ErrorBudgetBurnCreeping'] as const).map(
    (alert) => ({
      alert,
      fault: 'a forgotten session locks the table of services, and what is asked of it fails',
      during: writes,
      inject: lockTable('services'),
    }),
  ),
  ...(['LatencyBudgetBurn', 'LatencyBudgetBurnSlow', 'DbLatencyHigh'] as const).map((alert) => ({
    alert,
    fault: 'a batch locks the table of services for two seconds again and again',
    during: writes,
    inject: lockTableAgainAndAgain('services'),
  })),
  { alert: 'TargetDown', fault: "PostgreSQL's exporter is stopped", inject: compose('stop postgres-exporter') },
  { alert: 'AppAbsent', fault: 'both instances are stopped', inject: compose('stop app-1 app-2') },
  { alert: 'NotReady', fault: 'PostgreSQL is stopped', inject: compose('stop postgres') },
  { alert: 'DrainStuck', fault: 'an instance is drained and forgotten', inject: 'ops/scripts/ask app-1 POST /drain' },
  {
    alert: 'CrashLooping',
    fault: 'a health check that always fails has Podman restart an instance again and again',
    inject:
      'podman update --health-cmd \'["/usr/local/bin/node", "-e", "process.exit(1)"]\' --health-interval 2s ' +
      '--health-retries 1 --health-start-period 0s "${COMPOSE_PROJECT_NAME}_app-1_1"',
    factor: 5,
  },
  {
    alert: 'EventLoopSaturated',
    fault: 'an instance is busy for 96 of every 100 ms',
    inject: within('app-1', busy(96, 100)),
  },
  {
    alert: 'EventLoopLagHigh',
    fault: 'an instance stands still for half of every second',
    inject: within('app-1', busy(500, 1000)),
  },
  {
    alert: 'HeapNearLimit',
    fault: 'an instance keeps objects until its heap is nearly full',
    inject: within(
      'app-1',
      fill(
        'process.memoryUsage().heapUsed > 0.94 * process.getBuiltinModule("v8").getHeapStatistics().heap_size_limit',
        'Array.from({ length: 1e5 }, Math.random)',
      ),
    ),
  },
  {
    alert: 'MemoryNearLimit',
    fault: 'an instance keeps buffers until its container is nearly full',
    inject: within('app-1', fill(`${anonymous} > 0.92 * process.constrainedMemory()`, 'Buffer.alloc(4e6, 1)')),
  },
  {
    alert: 'FdExhaustion',
    fault: 'an instance leaves files open',
    inject: within(
      'app-1',
      'const { openSync, readFileSync } = process.getBuiltinModule("fs"); globalThis.kept = []; ' +
        'const most = Number(/open files +([0-9]+)/.exec(readFileSync("/proc/self/limits", "utf8"))[1]); ' +
        'while (kept.length < most * 0.92) kept.push(openSync("/dev/null"))',
    ),
  },
  { alert: 'DbDown', fault: 'PostgreSQL is stopped', inject: compose('stop postgres') },
  {
    alert: 'DbPoolExhausted',
    fault: 'a forgotten session locks the table of services; who waits for it holds every connection',
    during: writes,
    inject: lockTable('services'),
  },
  { alert: 'RedisDown', fault: 'Redis is stopped', inject: compose('stop redis') },
  { alert: 'UpstreamErrors', fault: 'Unleash is stopped', inject: compose('stop unleash') },
  {
    alert: 'CircuitOpen',
    fault: 'Redis is stopped',
    inject: compose('stop redis'),
  },
  { alert: 'FlagsStale', fault: 'Unleash is stopped', inject: compose('stop unleash') },
  {
    alert: 'ConfigDrift',
    fault: 'one instance is made anew with another setting',
    inject: remade('app-2', 'PROBE_ALLOW=app-1'),
  },
  {
    alert: 'VersionSkew',
    fault: 'one instance is made anew with the image of another commit',
    inject:
      'podman commit --quiet --change ENV=GIT_SHA=another "${COMPOSE_PROJECT_NAME}_app-2_1" localhost/plimsoll-drills:another; ' +
      remade('app-2', 'IMAGE=localhost/plimsoll-drills:another'),
  },
  {
    alert: 'MigrationPending',
    fault: 'the newest migration is undone',
    inject: compose('run --rm --no-deps migrate dist/migrate.js down'),
  },
  { alert: 'JobMissed', fault: 'a forgotten session locks the table of presence', inject: lockTable('presence') },
  {
    alert: 'UnhandledErrors',
    fault: 'the database role loses its right to the table of services',
    during: writes,
    inject: sql('revoke all on services from plimsoll'),
  },
  {
    alert: 'DebugLoggingLeftOn',
    fault: 'somebody sets a logger to debug and goes home',
    inject: `ops/scripts/ask app-1 PUT /loggers/root '{"level": "debug", "ttlSeconds": 3600}'`,
  },
  {
    alert: 'CacheHitRatioLow',
    fault: 'a client tries one unknown token after the other, for three minutes',
    inject: 'timeout 180 node ops/drills/load.ts GET /v1/services 20 1 strangers >/dev/null 2>&1 &',
    after: `ops/scripts/ask app-1 PATCH /runtime-config '{"rateLimits": {"unknownTokensPerSecond": null}}'`,
  },
  {
    alert: 'CardinalityHigh',
    fault: 'an instance tells of ten thousand series too many',
    inject: within('app-2', manySeries),
  },
  {
    alert: 'AlertDeliveryFailing',
    fault: 'both instances, to which Alertmanager tells incidents, are stopped',
    inject: compose('stop app-1 app-2'),
    // Alertmanager tries for half a minute before it counts a failure.
    factor: 5,
  },
  {
    alert: 'GateLate',
    because:
      'an instance that stands still for so long fails its scrapes and its liveness check: TargetDown fires, and Podman ' +
      'restarts it, before its lateness can be read.',
  },
  {
    alert: 'OutboxStuck',
    because: 'it needs a receiver that refuses events for ten minutes; the stack sends events to nobody.',
  },
  {
    alert: 'HostDown',
    because: 'this stack is one machine, the one that the drill runs on, and its targets name no host.',
  },
  { alert: 'DiskFilling', because: 'it would fill a disk of the machine that the drill runs on.' },
  ...backupDrills,
  {
    alert: 'CertificateExpiring',
    because: 'certificates of this stack are made for years, and the date of none can be moved.',
  },
  {
    alert: 'Watchdog',
    because: 'it fires as long as alerting works; whoever receives it outside notices its absence.',
  },
];
