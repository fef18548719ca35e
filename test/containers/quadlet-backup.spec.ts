import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, secret } from './api.js';
import { command, containerOfUnit, generated, removeUnits, startUnit, wantedAtBoot } from './quadlet-units.js';
import { containerOf, podman, project, run } from './stack.mjs';

const kinds = ['full', 'diff', 'dump', 'check'];
const database = containerOfUnit('postgres');
const sql = (statement: string) => podman('exec', database, 'psql', '-U', 'postgres', '-qAtc', statement);

const postgresImage = 'localhost/plimsoll-postgres:18.6-1';

/** What the stack has, its tables and rows, into the database of the unit. */
const copyDatabase = () => {
  const dumped = `podman exec ${containerOf('postgres')} pg_dump -U postgres plimsoll`;
  return run('sh', ['-euc', `${dumped} | podman exec -i ${database} psql -U postgres -qX plimsoll >/dev/null`]);
};

describe('the units that back up', () => {
  let folder: string;
  let units: Map<string, string>;
  const unitOf = (name: string) => units.get(`plimsoll-${name}.service`) ?? '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plimsoll-quadlet-'));
    await cp('ops/quadlet', join(folder, 'plimsoll'), { recursive: true });
    units = await generated(folder);
  });

  afterAll(async () => {
    await removeUnits('postgres', ...kinds.map((kind) => `backup-${kind}`));
    await rm(folder, { recursive: true });
  });

  it('are each started by a timer of their name, which makes up for what the machine slept through', async () => {
    const timers = await readdir('ops/quadlet/timers');
    expect(timers.toSorted()).toEqual(kinds.map((kind) => `plimsoll-backup-${kind}.timer`).toSorted());
    for (const timer of timers) {
      const text = await readFile(join('ops/quadlet/timers', timer), 'utf8');
      expect(text).toMatch(/^OnCalendar=\S.* UTC\n(?:#.*\n)?Persistent=true$/m);
      expect(units.has(timer.replace('.timer', '.service'))).toBe(true);
    }
  });

  it('do not start with the machine', async () => {
    const wanted = await wantedAtBoot(folder, join(folder, 'installed'));
    expect(wanted).toContain('plimsoll-postgres.service');
    expect(wanted.filter((name) => name.includes('backup'))).toEqual([]);
  });

  it.each(kinds)('are tried again, not at once, and stand back behind requests: %s', (kind) => {
    expect(unitOf(`backup-${kind}`)).toMatch(/^Type=oneshot$/m);
    expect(
      unitOf(`backup-${kind}`)
        .match(/^RestartSec=.*$/gm)
        ?.at(-1),
    ).toBe('RestartSec=600');
    expect(command(unitOf(`backup-${kind}`))).toEqual(expect.arrayContaining(['--cpu-shares=64', 'none']));
  });

  it('archive, back up, and restore what was backed up', async () => {
    await startUnit(unitOf('postgres'));
    await eventually(
      () => podman('inspect', '--format', '{{.State.Health.Status}}', database),
      (status) => status === 'healthy',
      60_000,
    );
    await copyDatabase();
    for (const kind of ['full', 'diff', 'dump', 'check']) await startUnit(unitOf(`backup-${kind}`));
    expect(await sql('select archived_count > 0 from pg_stat_archiver')).toBe('t');
    const volume = ['--volume', `${project}-quadlet-textfile:/textfile:ro`];
    const metrics = await podman(
      'run',
      '--rm',
      '--network',
      'none',
      ...volume,
      postgresImage,
      'cat',
      '/textfile/backup.prom',
    );
    expect(metrics).toMatch(/^restore_drill_last_success_timestamp_seconds \d/m);
  });

  it('leave a database that takes the secrets of another machine, and its first token', async () => {
    const env = { COMPOSE_PROJECT_NAME: `${project}-quadlet`, SECRETS_FOLDER: join(folder, 'secrets') };
    await run('ops/scripts/init-secrets', [], { env });
    expect(await run('ops/scripts/adopt-secrets', [], { env })).toContain('is an admin token');
    // Not over loopback, where PostgreSQL asks for no password.
    const asked = 'psql -h "$(hostname)" -U plimsoll -d plimsoll -qAtc "select current_user"';
    const asPlimsoll = (password: string) =>
      run('podman', ['exec', '--env', 'PGPASSWORD', database, 'sh', '-c', asked], { env: { PGPASSWORD: password } });
    const password = await readFile(join(folder, 'secrets/database-password'), 'utf8');
    expect(await asPlimsoll(password.trim())).toBe('plimsoll');
    await expect(asPlimsoll(await secret('database-password'))).rejects.toThrow('password authentication failed');
    expect(await run('ops/scripts/adopt-secrets', [], { env })).not.toContain('is an admin token');
  });
});
