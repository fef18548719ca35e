import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { DatabaseProxy } from '../support/database-proxy.js';
import { eventually } from '../support/eventually.js';
import { type Program, startProgram, until } from '../support/program.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

interface Readiness {
  readonly status: string;
  readonly reasons: readonly string[];
}

const noDatabase = 'postgres://plimsoll@127.0.0.1:1/plimsoll';

/** What is answered to bytes that no client would send. */
async function sentRaw(url: string, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1').setEncoding('utf8');
  socket.write(bytes);
  return (await socket.toArray()).join('');
}

/** As soon as its signals are its own; before that, while Node itself boots, they are the kernel's. */
async function untilItOwnsSignals(program: Program): Promise<void> {
  if (process.platform !== 'linux') return void (await program.untilOps('/livez', 200));
  // Node handles SIGTERM itself at first, by dying of it; SIGHUP, which is owned last, it leaves alone.
  await until('its own handler of SIGHUP', async () => {
    const status = await readFile(`/proc/${program.child.pid}/status`, 'utf8');
    const caught = BigInt(`0x${/^SigCgt:\s*(\w+)/m.exec(status)?.[1]}`);
    return caught & 1n ? true : null;
  });
}

describe('the start of the built program', () => {
  let database: TestDatabase;
  let empty: TestDatabase;
  let silent: DatabaseProxy;
  let program: Program;
  beforeAll(async () => {
    database = await createTestDatabase();
    empty = await createTestDatabase({ isEmpty: true });
    silent = await DatabaseProxy.before(database.url);
    silent.silence();
  });
  afterEach(() => program.kill());
  afterAll(async () => {
    await silent.cut();
    await empty.drop();
    await database.drop();
  });

  async function bootstrapLines(token: string): Promise<object[]> {
    program = await startProgram({ DATABASE_URL: database.url, BOOTSTRAP_ADMIN_TOKEN: token });
    await program.untilReady();
    // Lines that are still held when a process is killed are lost.
    program.signal('SIGTERM');
    await program.exit();
    // On a busy machine the database may be late; it is asked again, and the line that counts comes then.
    return program.log
      .filter(({ context }) => context === 'BootstrapToken')
      .filter(({ msg }) => !String(msg).includes('could not be made: DomainError: The database does not answer'));
  }

  test('says so if it ignores BOOTSTRAP_ADMIN_TOKEN, since there is another admin token', async () => {
    expect(await bootstrapLines('plm_the-first-one')).toEqual([]);
    expect(await bootstrapLines('plm_the-first-one')).toEqual([]);
    expect(await bootstrapLines('plm_the-second-one')).toMatchObject([
      { level: 'warn', msg: expect.stringContaining('BOOTSTRAP_ADMIN_TOKEN is ignored') },
    ]);
  });

  test('says nothing of BOOTSTRAP_ADMIN_TOKEN if another instance was quicker to make it', async () => {
    const token = 'plm_the-same-on-every-instance';
    const fresh = await createTestDatabase();
    const other = new Client(fresh.url);
    await other.connect();
    await other.query('BEGIN');
    const sha256 = createHash('sha256').update(token).digest();
    await other.query(
      `INSERT INTO tokens (id, name, role, sha256, created_at) VALUES (gen_random_uuid(), 'bootstrap', 'admin', $1, now())`,
      [sha256],
    );
    program = await startProgram({ DATABASE_URL: fresh.url, BOOTSTRAP_ADMIN_TOKEN: token });
    await until('it to wait for the other one', async () => {
      const waiting = await fresh.query(`SELECT FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'plimsoll' AND wait_event_type = 'Lock'`);
      return waiting.length > 0 ? true : null;
    });
    await other.query('COMMIT');
    await other.end();
    await program.untilReady();
    program.signal('SIGTERM');
    await program.exit();

    expect(program.log.filter(({ context }) => context === 'BootstrapToken')).toEqual([]);
    expect(await fresh.query('SELECT name FROM tokens')).toEqual([{ name: 'bootstrap' }]);
    await fresh.drop();
  });

  test('answers probes and scrapes while its database is away, and says what it waits for', async () => {
    program = await startProgram({ DATABASE_URL: noDatabase });
    await program.untilOps('/livez', 200);
    const readiness = await program.untilOps('/readyz', 503);
    const startup = await program.untilOps('/startupz', 503);

    expect(readiness.headers.get('cache-control')).toBe('no-store');
    const { status, reasons } = (await readiness.json()) as Readiness;
    expect({ status, reasons }).toEqual({ status: 'unready', reasons: expect.arrayContaining(['starting']) });
    expect(reasons).toEqual([...new Set(reasons)]);
    expect(await startup.json()).toMatchObject({ status: 'starting' });
    const metrics = await until('metrics', async () => {
      const text = await (await fetch(`${program.opsUrl}/metrics`)).text();
      return text.includes('app_phase') ? text : null;
    });
    expect(metrics).toContain('app_phase{phase="starting"} 1');
  });

  test('is over when everything is there; then both ports say that it is ready', async () => {
    program = await startProgram({ DATABASE_URL: database.url });
    await program.untilReady();

    const startup = (await (await program.untilOps('/startupz', 200)).json()) as { phases: object[] };
    expect(startup.phases).toContainEqual({ name: 'database', durationMs: expect.any(Number) });
    for (const path of ['/livez', '/readyz']) {
      await eventually(async () => expect([path, (await fetch(program.url + path)).status]).toEqual([path, 200]));
    }
    expect(await (await fetch(`${program.opsUrl}/health`)).json()).toEqual({ status: 'up' });
    expect(await (await fetch(`${program.opsUrl}/info`)).json()).toMatchObject({ name: 'plimsoll', node: '26.10.0' });
    expect(await (await fetch(`${program.opsUrl}/metrics`)).text()).toMatch(/^app_startup_duration_seconds \d/m);
  });

  test('is over without what is optional too; then both ports say that it is degraded', async () => {
    const away = { REDIS_URL: 'redis://127.0.0.1:1', UNLEASH_URL: 'http://127.0.0.1:1/api', UNLEASH_TOKEN: 'a-token' };
    program = await startProgram({ DATABASE_URL: database.url, ...away });
    await program.untilReady();

    for (const url of [program.opsUrl, program.url]) {
      await eventually(async () => {
        const { status, reasons } = (await (await fetch(`${url}/readyz`)).json()) as Readiness;
        expect([status, ...reasons.toSorted()]).toEqual(['degraded', 'redis', 'unleash']);
      });
    }
  });

  test('opens a listener that answers what it does not know as JSON too', async () => {
    program = await startProgram({ DATABASE_URL: noDatabase });
    await program.untilOps('/livez', 200);
    const unknown = {
      'GET /nowhere': 404,
      'GET /health/nothing': 404,
      'GET /config': 404,
      'POST /livez': 405,
      'PUT /metrics': 405,
    };

    for (const [call, status] of Object.entries(unknown)) {
      const [method = '', path] = call.split(' ');
      const response = await fetch(program.opsUrl + path, { method });
      expect([call, response.status, await response.json()]).toEqual([
        call,
        status,
        expect.objectContaining({
          type: expect.stringMatching(/^urn:plimsoll:problem:/),
          status,
          instance: path,
          requestId: response.headers.get('x-request-id'),
        }),
      ]);
    }
    expect(await sentRaw(program.opsUrl, 'no HTTP at all\r\n\r\n')).toMatch(
      /^HTTP\/1.1 400 .*urn:plimsoll:problem:malformed-request/s,
    );
    const head = await fetch(`${program.opsUrl}/startupz`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([503, '']);
  });

  test('goes well under `node --watch`, which has the loader of every thread report its modules', async () => {
    // All that --watch does to the process that it watches.
    program = await startProgram({ DATABASE_URL: database.url, WATCH_REPORT_DEPENDENCIES: '1' });

    expect((await program.untilReady()).status).toBe(200);
  });

  test('is aborted by a signal in whatever moment it comes, with exit code 0', async () => {
    for (let ms = 0; ms <= 400; ms += 50) {
      program = await startProgram({ DATABASE_URL: noDatabase });
      await untilItOwnsSignals(program);
      await delay(ms);
      program.signal('SIGTERM');

      expect([ms, await program.exit()]).toEqual([ms, 0]);
    }
  });

  test.each([
    ['a database that is away', () => noDatabase, 'The database does not answer'],
    ['a database that is silent', () => silent.url, 'The database does not answer'],
    ['a schema that is behind', () => empty.url, 'The schema is not complete'],
  ])('is aborted by SIGTERM while it waits for %s, with exit code 0', async (_what, url, said) => {
    program = await startProgram({ DATABASE_URL: url() });
    await until(`"${said}"`, async () => (program.output.includes(said) ? true : null));
    program.signal('SIGTERM');

    expect(await program.exit()).toBe(0);
    expect(program.log.filter(({ level }) => level === 'error' || level === 'fatal')).toEqual([]);
  });

  test.each(['PORT', 'OPS_PORT'])('ends with 70 and a message when %s is taken', async (variable) => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    program = await startProgram({ DATABASE_URL: database.url, [variable]: String(port) });
    const exitCode = await program.exit();
    other.close();

    expect(exitCode).toBe(70);
    expect(program.output).toContain('EADDRINUSE');
    expect(program.output).toContain(String(port));
  });
});
