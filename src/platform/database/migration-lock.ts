import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { connectionConfig } from './connection-config.js';
import { failureCode, isAway } from './database-failure.js';

/** "plimsoll" in no alphabet: any number will do that no other program takes. */
const LOCK_ID = 7_546_215_431;
const POLL_EVERY_MS = 200;
const WAIT_AT_MOST_MS = 10 * 60_000;
const CONNECT_ATTEMPTS = 30;

/**
 * Runs the work while no other migrator runs. The lock is polled for on a connection of its own: one that waits inside
 * `pg_advisory_lock` holds a snapshot, behind which CREATE INDEX CONCURRENTLY would wait for ever.
 */
export async function withMigrationLock(
  databaseUrl: string,
  say: (line: string) => void,
  work: () => Promise<void>,
): Promise<void> {
  const client = await connectPatiently(databaseUrl, say);
  try {
    await takeTurn(client, say);
    await work();
  } finally {
    // Closing the session gives the lock back.
    await client.end();
  }
}

async function takeTurn(client: Client, say: (line: string) => void): Promise<void> {
  for (let waitedMs = 0; waitedMs < WAIT_AT_MOST_MS; waitedMs += POLL_EVERY_MS) {
    const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [LOCK_ID]);
    if (rows[0]?.taken) {
      return;
    }
    if (waitedMs === 0) {
      say('another migrator is at work; waiting for it');
    }
    await delay(POLL_EVERY_MS);
  }
  throw new Error('another migrator has been at work for 10 minutes');
}

/** A database that is only just starting is worth waiting for, half a minute; one that lets nobody in is not. */
export async function connectPatiently(databaseUrl: string, say: (line: string) => void): Promise<Client> {
  for (let attempt = 1; ; attempt += 1) {
    const client = new Client(connectionConfig(databaseUrl, 'plimsoll migrate lock'));
    client.on('error', () => undefined);
    try {
      await client.connect();
      return client;
    } catch (error) {
      const fault = faultOf(client, error);
      if (attempt === CONNECT_ATTEMPTS || !isAway(error)) {
        throw new Error(fault, { cause: error });
      }
      if (attempt === 1) {
        say(`${fault}; waiting for it`);
      }
      await delay(1000);
    }
  }
}

function faultOf({ host, port }: Client, error: unknown): string {
  const reason = (error as Error).message || failureCode(error);
  return `the database at ${host}:${port} cannot be reached (${reason}): start it, or correct DATABASE_URL`;
}
