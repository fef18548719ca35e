import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, chmod, cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../ops/scripts/embedded-postgres.mjs';
import { freePort } from '../../ops/scripts/ports.mjs';
import { databaseOwner, handOver, postgresBinaries } from '../../ops/scripts/postgres-binaries.mjs';
import { readPidFile } from '../../ops/scripts/postmaster.mjs';
import { Migrator } from '../../src/platform/database/migrator.js';
import { eventually } from './eventually.js';

const clone = fileURLToPath(new URL('../..', import.meta.url));

/** A migrated PostgreSQL and a standby that streams from it. A commit is answered once both have it. */
export class PostgresPair {
  private constructor(
    private readonly home: string,
    private readonly primary: EmbeddedPostgres,
    private readonly standby: ChildProcess,
    readonly standbyUrl: string,
  ) {}

  static async start(): Promise<PostgresPair> {
    const home = await mkdtemp(join(tmpdir(), 'plimsoll-postgres-pair-'));
    await chmod(home, 0o755);
    const first = await launch(home);
    await new Migrator(first.url, () => undefined).up();
    await first.stop();
    const copy = await copyOf(first, home);
    await appendFile(join(first.data, 'postgresql.auto.conf'), "synchronous_standby_names = '*'\n");
    const primary = await launch(home);
    const url = new URL(primary.url);
    url.port = String(await freePort());
    const standby = await follow(copy, new URL(primary.url), url.port);
    await eventually(() => assertSynchronous(primary.url));
    return new PostgresPair(home, primary, standby, url.href);
  }

  get primaryUrl(): string {
    return this.primary.url;
  }

  /** As a machine loses it: nobody is told, and it does not come back. */
  losePrimary(): void {
    process.kill(readPidFile(this.primary.data)?.pid ?? Number.NaN, 'SIGKILL');
  }

  /** From now on it takes writes. */
  async promote(): Promise<void> {
    await withClient(this.standbyUrl, (client) => client.query('SELECT pg_promote(true, 60)'));
  }

  async digestsOnStandby(): Promise<string[]> {
    const text = 'SELECT digest FROM releases';
    const { rows } = await withClient(this.standbyUrl, (client) => client.query<{ digest: string }>(text));
    return rows.map(({ digest }) => digest);
  }

  async remove(): Promise<void> {
    await this.primary.stop();
    this.standby.kill('SIGQUIT');
    if (this.standby.exitCode === null && this.standby.signalCode === null) await once(this.standby, 'exit');
    await rm(this.home, { recursive: true });
  }
}

function launch(home: string): Promise<EmbeddedPostgres> {
  return startEmbeddedPostgres({ clone, home, signal: new AbortController().signal });
}

/** While it stands still. */
async function copyOf({ data }: EmbeddedPostgres, home: string): Promise<string> {
  const copy = join(home, 'standby');
  await cp(data, copy, { recursive: true });
  await writeFile(join(copy, 'standby.signal'), '');
  await handOver(copy);
  await chmod(copy, 0o700);
  return copy;
}

async function follow(data: string, primary: URL, port: string): Promise<ChildProcess> {
  const { hostname, username, password } = primary;
  const source = `host=${hostname} port=${primary.port} user=${username} password=${decodeURIComponent(password)}`;
  const settings = [
    `primary_conninfo=${source} application_name=standby`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    // Of nobody, once it is the only one.
    'synchronous_standby_names=',
  ];
  const { folder } = await postgresBinaries(clone);
  const args = ['-D', data, '-p', port, ...settings.flatMap((setting) => ['-c', setting])];
  const env = { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' };
  const options = { cwd: '/', env, stdio: 'ignore', ...databaseOwner } as const;
  return spawn(join(folder, 'bin', 'postgres'), args, options);
}

async function assertSynchronous(url: string): Promise<void> {
  const text = 'SELECT sync_state FROM pg_stat_replication';
  const { rows } = await withClient(url, (client) => client.query<{ sync_state: string }>(text));
  expect(rows).toEqual([{ sync_state: 'sync' }]);
}

async function withClient<Result>(url: string, work: (client: Client) => Promise<Result>): Promise<Result> {
  const client = new Client(url);
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
