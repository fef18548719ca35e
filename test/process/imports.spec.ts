import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { ADMIN_TOKEN, ask } from '../support/baking-deployment.js';
import { DatabaseProxy } from '../support/database-proxy.js';
import { daysAgo, deploymentLine, incidentLine, linesOf, releaseLine } from '../support/import-lines.js';
import { type Program, startProgram, until } from '../support/program.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

// Tens of megabytes are written to a database.
jest.setTimeout(300_000);

const SLOT = { service: 'checkout', environment: 'production' };

let database: TestDatabase;
let proxy: DatabaseProxy;
let program: Program;

beforeEach(async () => {
  database = await createTestDatabase();
  proxy = await DatabaseProxy.before(database.url);
  program = await startProgram({
    DATABASE_URL: proxy.url,
    BOOTSTRAP_ADMIN_TOKEN: ADMIN_TOKEN,
    SHUTDOWN_DEADLINE_MS: '20000',
  });
  await program.untilReady();
  await ask(program, 'PUT', `/v1/environments/${SLOT.environment}`, { tier: 'production', description: '' });
  await ask(program, 'PUT', `/v1/services/${SLOT.service}`, { description: '' });
});
afterEach(async () => {
  await program.kill();
  await proxy.cut();
  await database.drop();
});

async function residentMib(): Promise<number> {
  const status = await readFile(`/proc/${program.child.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

function send(lines: AsyncIterable<string>, signal?: AbortSignal): Promise<Response> {
  const body = Readable.toWeb(Readable.from(lines).map((text: string) => Buffer.from(text)));
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/x-ndjson' };
  const init = { method: 'POST', headers, body, duplex: 'half', signal };
  return fetch(`${program.url}/v1/imports`, init as unknown as RequestInit);
}

/** Releases with a deployment and an incident each, from the nth on. */
async function* some(from = 0, count = 200): AsyncGenerator<string> {
  for (let n = from; n < from + count; n += 1) {
    const days = 300 - n / 1000;
    yield linesOf([
      releaseLine(SLOT.service, `1.0.${n}`),
      deploymentLine(SLOT, `run-${n}`, `1.0.${n}`, days),
      incidentLine(SLOT, `alert-${n}`, daysAgo(days)),
    ]);
  }
}

/** Releases of half a megabyte of commits each, and small lines between them. */
async function* much(mib: number): AsyncGenerator<string> {
  const commits = Array.from({ length: 2000 }, () => {
    return { sha: 'a'.repeat(40), committedAt: daysAgo(400), message: 'x'.repeat(120) };
  });
  for (let n = 0; n < 2 * mib; n += 1) {
    yield linesOf([releaseLine(SLOT.service, `large-${n}`, { commits })]);
    yield* some(5 * n, 5);
  }
}

const counted = async (table: string): Promise<number> =>
  (await database.query<{ n: number }>(`select count(*)::int as n from ${table}`))[0]?.n ?? 0;

/** The rest follows once it is let go. */
async function* heldBefore(held: Promise<void>, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield* some();
  await held;
  yield* rest;
}

const untilSomeIsKept = () => until('some of it', async () => ((await counted('deployments')) > 100 ? true : null));

describe('an import of many megabytes', () => {
  it('is taken in within bounded memory', async () => {
    const mib = Number(process.env['IMPORT_MIB'] ?? 40);
    await send(much(5));
    const before = await residentMib();
    let most = before;
    const watching = new AbortController();
    const watch = (async () => {
      for (; !watching.signal.aborted; await delay(100)) most = Math.max(most, await residentMib());
    })();
    const answer = await send(much(mib));
    watching.abort();
    await watch;
    const { created, existing, refused } = (await answer.json()) as Record<string, unknown>;
    expect([answer.status, Number(created) + Number(existing), refused]).toEqual([200, 2 * mib * 16, []]);
    process.stderr.write(`${mib} MiB: ${before.toFixed()} MiB before, ${most.toFixed()} MiB at most\n`);
    expect(most - before).toBeLessThan(150);
  });
});

describe('an import that is interrupted', () => {
  it('keeps what came before the database was lost, and says so; sent again it is completed', async () => {
    const held = Promise.withResolvers<void>();
    const answer = send(heldBefore(held.promise, some(200)));
    await untilSomeIsKept();
    await proxy.cut();
    held.resolve();
    const interrupted = await answer;
    const problem = (await interrupted.json()) as { type: string; detail: string };
    expect([interrupted.status, problem.type]).toEqual([503, 'urn:plimsoll:problem:import-interrupted']);
    expect(problem.detail).toMatch(/Up to line \d+ it was kept\. Send all of it again/);
    await proxy.restore();
    await program.untilReady();
    const again = (await (await send(some(0, 400))).json()) as { created: number; existing: number };
    expect(again.created + again.existing).toBe(1200);
    expect(again.existing).toBeGreaterThan(100);
    expect([await counted('deployments'), await counted('incidents')]).toEqual([400, 400]);
  });

  it('is answered before the instance stops, which stops in time', async () => {
    const held = Promise.withResolvers<void>();
    const answer = send(heldBefore(held.promise, some(200)));
    await untilSomeIsKept();
    program.signal('SIGTERM');
    const interrupted = await answer;
    held.resolve();
    const { type } = (await interrupted.json()) as { type: string };
    expect([interrupted.status, type]).toEqual([503, 'urn:plimsoll:problem:import-interrupted']);
    expect(await program.exit()).toBe(0);
  });

  it('is finished while the instance drains, where it is nearly done', async () => {
    const held = Promise.withResolvers<void>();
    const answer = send(heldBefore(held.promise, some(200, 1)));
    await untilSomeIsKept();
    program.signal('SIGTERM');
    await program.untilOps('/readyz', 503);
    held.resolve();
    const finished = await answer;
    const { refused } = (await finished.json()) as { refused: unknown };
    expect([finished.status, refused]).toEqual([200, []]);
    expect(await program.exit()).toBe(0);
  });

  it('ends with its sender', async () => {
    const leaving = new AbortController();
    const held = Promise.withResolvers<void>();
    const sent = send(heldBefore(held.promise, some(200)), leaving.signal).catch(() => null);
    await untilSomeIsKept();
    leaving.abort();
    held.resolve();
    await sent;
    await until('nothing that waits', async () => ((await counted('import_lines')) === 0 ? true : null));
    expect(await counted('incidents')).toBe(0);
  });
});
