import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { clone } from '../scripts/clone.mjs';
import { listenForInterruption } from '../scripts/interruption.mjs';
import { Failure, runMain, say } from '../scripts/terminal.mjs';
import { lost, p99, readJournal } from './restore-journal.ts';
import { restoreReport } from './restore-report.ts';
import type { Shell } from './shell.ts';
import { DrillStack } from './stack.ts';

const usage = `Loses the database of a stack of its own while it is written to, and restores it.
npm run drill:restore -- [--mib 1024] [--no-record]
It fails if more than a minute of writes was lost, if a restore took longer than 10 min, or a moment was not met.`;

const limitSeconds = 600;
const mostLostSeconds = 60;
const sql = (statement: string) =>
  `ops/scripts/inside postgres psql -U postgres -d plimsoll -qAtc "${statement.replaceAll('"', '\\"')}"`;

/** What is written is real rows, of text that does not compress. */
const fill = (rows: number) =>
  sql(`insert into audit_log (id, at, actor, action, subject, after)
    select gen_random_uuid(), now(), 'drill', 'filled', 'drill',
      jsonb_build_object('text', (select string_agg(md5(random()::text || m || n), '') from generate_series(1, 60) m))
    from generate_series(1, ${rows}) n`);
const rowsPerMib = 470;

await runMain(async () => {
  const { values } = parseArgs({
    options: {
      mib: { type: 'string', default: '1024' },
      record: { type: 'boolean', default: true },
      help: { type: 'boolean', default: false },
    },
    allowNegative: true,
  });
  if (values.help) return void say(usage);
  const given = { COMPOSE_PROJECT_NAME: 'plimsoll-restore', PROXY_PORT: '18653', ...process.env };
  const stack = new DrillStack(listenForInterruption().signal, given);
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-restore-'));
  try {
    await stack.start();
    const found = await drill(stack.shell, Number(values.mib), join(folder, 'journal'));
    const report = restoreReport(found);
    say(report);
    if (values.record) await writeFile(join(clone, 'docs/reference/restore-drill.md'), report);
    const isWell =
      found.recoverSeconds <= limitSeconds &&
      found.momentSeconds <= limitSeconds &&
      found.lostSeconds <= mostLostSeconds &&
      found.lostBefore === 0 &&
      found.keptAfter === 0;
    say(`${isWell ? 1 : 0} passed, ${isWell ? 0 : 1} failed, 0 skipped`);
    return isWell ? 0 : 1;
  } finally {
    await stack.end();
    await rm(folder, { recursive: true, force: true });
  }
});

async function drill(shell: Shell, mib: number, journal: string) {
  say(`Filling the database with ${mib} MiB`);
  for (let left = mib; left > 0; left -= 128) await shell.run(fill(Math.min(left, 128) * rowsPerMib), 1200);
  const size = await shell.run(sql("select pg_size_pretty(pg_database_size('plimsoll'))"));
  const load = shell.start(`exec node ops/drills/restore-load.ts ${journal}`);
  try {
    const backedUp = await backUpUnderLoad(shell, journal);
    const beforeMoment = Date.now();
    const moment = await shell.run(sql('select clock_timestamp()'));
    const afterMoment = Date.now();
    // Until it is archived, and lost with nothing.
    await delay(75_000);
    const lostAt = Date.now();
    say('The database and its volume are lost');
    await loseDatabase(shell);
    await load.stop();
    const recoverSeconds = await restored(shell, 'ops/scripts/restore');
    const { writes } = await readJournal(journal);
    const gone = lost({ writes, reads: [] }, await services(shell));
    const oldest = Math.min(...gone.map(({ acknowledgedAt }) => acknowledgedAt), lostAt);
    const momentSeconds = await restored(shell, `ops/scripts/restore --to '${moment}'`);
    const there = await services(shell);
    return {
      size,
      ...backedUp,
      recoverSeconds,
      writes: writes.length,
      lostWrites: gone.length,
      lostSeconds: Math.round((lostAt - oldest) / 100) / 10,
      momentSeconds,
      lostBefore: writes.filter(({ slug, acknowledgedAt }) => acknowledgedAt < beforeMoment && !there.has(slug)).length,
      keptAfter: writes.filter(({ slug, sentAt }) => sentAt > afterMoment && there.has(slug)).length,
    };
  } finally {
    await load.stop();
  }
}

async function backUpUnderLoad(shell: Shell, journal: string) {
  await delay(20_000);
  const begunAt = Date.now();
  await shell.run('ops/scripts/backup full', 1800);
  const endedAt = Date.now();
  await delay(5000);
  const known = await readJournal(journal);
  return {
    backupSeconds: Math.round((endedAt - begunAt) / 1000),
    p99Before: p99(known, begunAt - 15_000, begunAt),
    p99During: p99(known, begunAt, endedAt),
  };
}

/** PostgreSQL has no time to archive anything, and its volume is empty. */
async function loseDatabase(shell: Shell): Promise<void> {
  await shell.run(`
    podman kill "\${COMPOSE_PROJECT_NAME}_postgres_1"
    podman exec "\${COMPOSE_PROJECT_NAME}_backup_1" rm -rf /var/lib/postgresql/18`);
}

async function restored(shell: Shell, command: string): Promise<number> {
  say(command);
  const begunAt = performance.now();
  const told = await shell.run(command, 3600);
  if (!told.includes('✓ audit log')) throw new Failure(`The seals were not verified:\n${told}`);
  return Math.round((performance.now() - begunAt) / 1000);
}

async function services(shell: Shell): Promise<Set<string>> {
  const slugs = await shell.run(sql("copy (select slug from services where slug like 'drill-%') to stdout"));
  return new Set(slugs.split('\n'));
}
