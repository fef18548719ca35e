import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually, secret } from './api.js';
import { containerOf, folder, podman, project, run } from './stack.mjs';

const network = `${project}-s3`;
const [storage, front, database] = [`${network}-storage`, `${network}-front`, `${network}-postgres`];
const image = `localhost/${project}:s3`;
const bucket = 'plimsoll-backups';
const settings = [
  'repo1-type=s3',
  `repo1-s3-bucket=${bucket}`,
  'repo1-s3-endpoint=s3',
  'repo1-storage-port=9443',
  'repo1-s3-uri-style=path',
  'repo1-s3-region=eu-central-1',
  'repo1-s3-key=backups',
  'repo1-s3-key-secret=not-a-secret',
  'repo1-storage-ca-file=/s3.crt',
];
const sql = (statement: string) =>
  podman('exec', database, 'psql', '-U', 'postgres', '-d', 'plimsoll', '-qAtc', statement);
const inDatabase = (program: string, ...args: string[]) => podman('exec', database, `/ops/backup/${program}`, ...args);

/** Storage, and a proxy before it that speaks HTTPS; answers the certificate to trust. */
async function startStorage(): Promise<string> {
  await run('podman', ['build', '--quiet', '--tag', image, 'test/containers/s3'], { timeoutMs: 600_000 });
  await podman('network', 'create', network);
  await podman('run', '--detach', '--name', storage, '--network', `${network}:alias=storage`, image);
  const caddyfile = `${process.cwd()}/test/containers/s3/Caddyfile:/etc/caddy/Caddyfile:ro,Z`;
  const caddy = await podman('inspect', '--format', '{{.ImageName}}', containerOf('proxy'));
  await podman('run', '--detach', '--name', front, '--network', `${network}:alias=s3`, '--volume', caddyfile, caddy);
  const url = `http://127.0.0.1:5000/${bucket}`;
  const make = `import urllib.request as r; r.urlopen(r.Request("${url}", method="PUT", data=b""))`;
  const isMade = () => podman('exec', storage, 'python3', '-c', make).then(() => true);
  await eventually(
    () => isMade().catch(() => false),
    (made) => made,
    60_000,
  );
  return eventually(
    () => podman('exec', front, 'cat', '/data/caddy/pki/authorities/local/root.crt').catch(() => ''),
    (certificate) => certificate !== '',
    30_000,
  );
}

/** PostgreSQL as the stack runs it, with the programs that back it up beside it, and what the stack's has in it. */
async function startDatabase(certificate: string): Promise<void> {
  const trusted = join(folder, 's3.crt');
  await writeFile(trusted, certificate, { mode: 0o644 });
  const key = [await secret('backup-key'), ...settings].join('\n');
  const created = 'printf "%s" "$CONTENT" | podman secret create "$NAME" -';
  await run('sh', ['-c', created], { env: { CONTENT: key, NAME: `${network}-key` } });
  const mounts = [
    `${trusted}:/s3.crt:ro,Z`,
    `${process.cwd()}/ops/backup:/ops/backup:ro,z`,
    `${process.cwd()}/ops/backup/pgbackrest.conf:/etc/pgbackrest/pgbackrest.conf:ro,z`,
  ].flatMap((mount) => ['--volume', mount]);
  const secrets = ['--secret', `${network}-key,target=/etc/pgbackrest/conf.d/key.conf,uid=999,mode=0400`];
  const settled = ['--env', 'POSTGRES_HOST_AUTH_METHOD=trust', '--env', 'POSTGRES_DB=plimsoll', '--user', '999:999'];
  const archiving = ['-carchive_mode=on', '-carchive_command=pgbackrest --stanza=plimsoll archive-push %p'];
  const postgres = await podman('inspect', '--format', '{{.ImageName}}', containerOf('postgres'));
  const started = ['--detach', '--name', database, '--network', network, ...settled, ...mounts, ...secrets];
  await podman('run', ...started, postgres, 'postgres', ...archiving);
  // Over TCP, where nothing listens while the first start still makes the database.
  await eventually(
    () => podman('exec', database, 'pg_isready', '--host=127.0.0.1').catch(() => ''),
    (said) => said.includes('accepting'),
    60_000,
  );
  await sql('create role plimsoll');
  const dumped = `podman exec ${containerOf('postgres')} pg_dump -U postgres --no-owner --no-privileges plimsoll`;
  await run('sh', ['-euc', `${dumped} | podman exec -i ${database} psql -U postgres -qX plimsoll >/dev/null 2>&1`]);
}

describe('backups in S3-compatible storage', () => {
  beforeAll(async () => startDatabase(await startStorage()));

  afterAll(async () => {
    await podman('rm', '--force', '--time', '0', '--ignore', '--volumes', database, storage, front);
    await podman('secret', 'rm', `${network}-key`);
    await podman('network', 'rm', network);
  });

  it('are made, verified and restored, and lie in no volume', async () => {
    expect(await inDatabase('make', 'full')).toContain('made a backup: full');
    expect(await inDatabase('make', 'diff')).toContain('made a backup: diff');
    expect(await inDatabase('restore', 'check')).toMatch(/is as it was written\n[^]*^rows: services \d/m);
    expect(await podman('exec', database, 'ls', '/backups')).not.toMatch(/repo/);
  });

  it('give back what was deleted, up to a moment', async () => {
    await sql(
      "insert into services (slug, description, created_at, updated_at) values ('kept-in-s3', '', now(), now())",
    );
    const moment = await sql('select clock_timestamp()');
    await sql("delete from services where slug = 'kept-in-s3'");
    // So that the log has a change after the moment, and is archived to its end.
    await sql('select pg_switch_wal()');
    await eventually(
      () => sql("select last_archived_time > '" + moment + "' from pg_stat_archiver"),
      (isArchived) => isArchived === 't',
      60_000,
    );
    const said = await inDatabase('restore', 'table', 'services', '--to', moment);
    const [, copy = ''] = /into (restored_\w+\.services)/.exec(said) ?? [];
    expect(await sql(`select count(*) from ${copy} where slug = 'kept-in-s3'`)).toBe('1');
    expect(await sql("select count(*) from services where slug = 'kept-in-s3'")).toBe('0');
  });
});
