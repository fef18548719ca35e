import { mkdtemp, chmod, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../ops/scripts/embedded-postgres.mjs';
import { readPidFile } from '../../ops/scripts/postmaster.mjs';
import { Migrator } from '../../src/platform/database/migrator.js';

const clone = fileURLToPath(new URL('../..', import.meta.url));

/** A PostgreSQL of its own, migrated, for a test that takes it away. */
export class OwnPostgres {
  #stopped: number[] = [];

  private constructor(
    private readonly home: string,
    private running: EmbeddedPostgres,
  ) {}

  static async start(): Promise<OwnPostgres> {
    const home = await mkdtemp(join(tmpdir(), 'plimsoll-own-postgres-'));
    await chmod(home, 0o755);
    const postgres = new OwnPostgres(home, await launch(home));
    await new Migrator(postgres.url, () => undefined).up();
    return postgres;
  }

  get url(): string {
    return this.running.url;
  }

  /** As an administrator stops it: clients are sent away. */
  goAway(): Promise<void> {
    return this.running.stop();
  }

  /** As a machine loses it: its processes die when they notice, and the next start has to recover. */
  die(): void {
    process.kill(this.#postmaster, 'SIGKILL');
  }

  async comeBack(): Promise<void> {
    this.running = await launch(this.home);
  }

  /** Keeps every connection and answers nobody, until `wakeUp`. */
  async fallSilent(): Promise<void> {
    const client = new Client(this.url);
    await client.connect();
    const { rows } = await client.query<{ pid: number }>('SELECT pid FROM pg_stat_activity');
    await client.end();
    this.#stopped = [this.#postmaster, ...rows.map(({ pid }) => pid)];
    for (const pid of this.#stopped) signal(pid, 'SIGSTOP');
  }

  wakeUp(): void {
    for (const pid of this.#stopped.splice(0)) signal(pid, 'SIGCONT');
  }

  async remove(): Promise<void> {
    this.wakeUp();
    await this.running.stop();
    await rm(this.home, { recursive: true });
  }

  get #postmaster(): number {
    return readPidFile(this.running.data)?.pid ?? Number.NaN;
  }
}

function launch(home: string): Promise<EmbeddedPostgres> {
  return startEmbeddedPostgres({ clone, home, signal: new AbortController().signal });
}

/** One that is gone by now needs none. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // As said.
  }
}
