import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { clone } from '../scripts/clone.mjs';
import { startEmbeddedPostgres } from '../scripts/embedded-postgres.mjs';

/** A PostgreSQL for one run of checks. */
export class TemporaryDatabases implements AsyncDisposable {
  readonly #adminUrl: string;
  readonly #end: () => Promise<void>;
  #count = 0;

  private constructor(adminUrl: string, end: () => Promise<void>) {
    this.#adminUrl = adminUrl;
    this.#end = end;
  }

  static async start(signal: AbortSignal): Promise<TemporaryDatabases> {
    const home = await mkdtemp(join(tmpdir(), 'plimsoll-check-'));
    await chmod(home, 0o755);
    const remove = () => rm(home, { recursive: true, force: true });
    const database = await startEmbeddedPostgres({ clone, home, isDisposable: true, signal }).catch(async (error) => {
      await remove();
      throw error;
    });
    return new TemporaryDatabases(database.url, async () => {
      await database.stop();
      await remove();
    });
  }

  /** The URL of an empty database. */
  async create(): Promise<string> {
    this.#count += 1;
    const url = new URL(this.#adminUrl);
    const admin = new Client(url.href);
    url.pathname = `/check_${this.#count}`;
    await admin.connect();
    try {
      await admin.query(`CREATE DATABASE check_${this.#count}`);
    } finally {
      await admin.end();
    }
    return url.href;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end();
  }
}
