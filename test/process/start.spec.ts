import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type Program, startProgram, until } from '../support/program.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const noDatabase = 'postgres://plimsoll@127.0.0.1:1/plimsoll';

describe('the start of the built program', () => {
  let database: TestDatabase;
  let program: Program;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterEach(() => program.kill());
  afterAll(() => database.drop());

  test('answers probes and scrapes while its database is away, and says what it waits for', async () => {
    program = await startProgram({ DATABASE_URL: noDatabase });
    await program.untilOps('/livez', 200);
    const readiness = await program.untilOps('/readyz', 503);
    const startup = await program.untilOps('/startupz', 503);

    expect(readiness.headers.get('cache-control')).toBe('no-store');
    expect(await readiness.json()).toMatchObject({ status: 'unready', reasons: expect.arrayContaining(['starting']) });
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
      const mirrored = await fetch(program.url + path);
      expect([path, mirrored.status]).toEqual([path, 200]);
    }
    expect(await (await fetch(`${program.opsUrl}/health`)).json()).toEqual({ status: 'up' });
    expect(await (await fetch(`${program.opsUrl}/info`)).json()).toMatchObject({ name: 'plimsoll', node: '26.10.0' });
    expect(await (await fetch(`${program.opsUrl}/metrics`)).text()).toMatch(/^app_startup_duration_seconds \d/m);
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
        expect.objectContaining({ status }),
      ]);
    }
    const head = await fetch(`${program.opsUrl}/startupz`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([503, '']);
  });

  test('is aborted by SIGTERM, with exit code 0', async () => {
    program = await startProgram({ DATABASE_URL: noDatabase });
    await program.untilOps('/livez', 200);
    program.signal('SIGTERM');

    expect(await program.exit()).toBe(0);
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

  test('is followed by a watch over the event loop: /livez is 503 once it has hung for 10 s', async () => {
    program = await startProgram({ DATABASE_URL: database.url }, { canBeEntered: true });
    await program.untilReady();
    await program.enter('Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 15_000)');

    const broken = await program.untilOps('/livez', 503);
    expect(await broken.json()).toMatchObject({ status: 'broken' });
    await program.untilOps('/livez', 200);
    await until(
      'the line about it',
      async () => program.log.find(({ msg }) => msg === 'the event loop was stalled') ?? null,
    );
  });
});
