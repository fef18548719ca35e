import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { connectionConfig } from './connection-config.js';
import { failureCode, isAway } from './database-failure.js';

/** "plimsoll" in no alphabet: any number will do that no other program takes. */
const LOCK_ID = 7_546_215_431;
const POLL_EVERY_MS = 200;
const WAIT_AT_MOST_MS = 10 * 60_000;
const CONNECT_ATTEMPTS = 30;
const ASK_EVERY_MS = 5000;

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
  const lost = lossOf(client);
  try {
    await Promise.race([takeTurn(client, say).then(work), lost]);
  } finally {
    // Closing the session gives the lock back. A server that has fallen silent would never say that it has.
    await Promise.race([client.end(), lost.catch(() => undefined)]);
  }
}

/** Rejects when the connection is no more, or gets no answer: somebody else may have the lock by then. */
async function lossOf(client: Client): Promise<never> {
  const ended = new Promise((resolve) => client.once('end', resolve));
  let isAnswering = true;
  while (isAnswering) {
    await Promise.race([ended, delay(ASK_EVERY_MS, undefined, { ref: false })]);
    isAnswering = await client.query('SELECT 1').then(
      () => true,
      () => false,
    );
  }
  throw new Error('the connection to the database is lost: what was under way is undone, or was applied just before');
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
