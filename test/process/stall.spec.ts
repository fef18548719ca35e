import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { type Program, startProgram, until } from '../support/program.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

// Longer than loading a module takes on a busy machine.
const DEADLINE_MS = 4000;
const BEYOND_MS = 7000;
const token = 'a-token-for-operations-of-this-test';

jest.setTimeout(180_000);

const hanging = (ms: number) => `const until = Date.now() + ${ms}; while (Date.now() < until);`;
const onSignal = (statement: string) => `process.on('SIGUSR2', () => { ${statement} })`;

describe('a program whose event loop stands still', () => {
  let database: TestDatabase;
  let program: Program;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterEach(() => program.kill());
  afterAll(() => database.drop());

  /** `preloaded` is run before the program, and may have SIGUSR2 do what no request can. */
  async function aReadyProgram(preloaded: string, settings: Record<string, string> = {}, options = {}) {
    const nodeOptions = `--import=data:text/javascript,${encodeURIComponent(preloaded)}`;
    program = await startProgram(
      { DATABASE_URL: database.url, STALL_DEADLINE_MS: `${DEADLINE_MS}`, NODE_OPTIONS: nodeOptions, ...settings },
      options,
    );
    await program.untilReady();
  }

  const linesOf = (context: string) => program.log.filter((line) => line['context'] === context);

  async function cleanEnd(): Promise<number | string> {
    await program.untilReady();
    program.signal('SIGTERM');
    return program.exit();
  }

  test.each([
    ['in a loop', 'for (;;);'],
    ['in a wait', 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)'],
    ['in a regular expression', "/^(a+)+$/.test('a'.repeat(50) + 'b')"],
  ])('%s ends with 70 and a last line in the log', async (_where, statement) => {
    await aReadyProgram(onSignal(statement));
    program.signal('SIGUSR2');

    expect(await program.exit()).toBe(70);
    const [line] = linesOf('StallWatch');
    expect(line).toMatchObject({ level: 'fatal', msg: expect.stringContaining('stands still') });
    expect(line?.['stalledMs']).toBeGreaterThanOrEqual(DEADLINE_MS);
  });

  test('for less than that is told of, and goes on', async () => {
    await aReadyProgram(onSignal(hanging(3000)), { STALL_DEADLINE_MS: '60000' });
    program.signal('SIGUSR2');
    await until(
      'the line about it',
      async () => program.log.find(({ msg }) => msg === 'the event loop was stalled') ?? null,
    );

    expect(await cleanEnd()).toBe(0);
  });

  test('is not ended where nothing says when, as in development', async () => {
    await aReadyProgram(onSignal(hanging(BEYOND_MS)), { STALL_DEADLINE_MS: '' });
    program.signal('SIGUSR2');

    expect(await cleanEnd()).toBe(0);
  });

  test('with everything else, since the machine was suspended, goes on', async () => {
    await aReadyProgram('');
    program.signal('SIGSTOP');
    await delay(BEYOND_MS);
    program.signal('SIGCONT');

    expect(await cleanEnd()).toBe(0);
    expect(linesOf('StallWatch')).toEqual([]);
  });

  test('since it is being debugged goes on', async () => {
    await aReadyProgram('', {}, { canBeEntered: true });
    await program.enter(hanging(BEYOND_MS));

    expect(await cleanEnd()).toBe(0);
    expect(linesOf('StallWatch')).toEqual([]);
  });

  test('for a heap snapshot goes on', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'plimsoll-stall-'));
    const settings = { DIAGNOSTICS_DIR: folder, OPS_TOKEN: token, OPS_MAX_ACCESS: 'write' };
    // Enough of them that a snapshot takes longer than the deadline.
    await aReadyProgram('globalThis.ballast = Array.from({ length: 5e5 }, (_, n) => ({ n }))', settings);
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`${program.opsUrl}/diagnostics/heap-snapshot`, { method: 'POST', headers });
    expect(response.status).toBe(202);
    await until('the snapshot', async () => program.log.find(({ msg }) => msg === 'recorded') ?? null);

    expect(await readdir(folder)).toHaveLength(1);
    expect(await cleanEnd()).toBe(0);
    await rm(folder, { recursive: true });
  });

  test('is watched by a thread whose death changes nothing else', async () => {
    const die = "worker.emit('error', new Error('no memory')); worker.terminate()";
    await aReadyProgram(`process.on('worker', (worker) => { ${onSignal(die)} })`);
    program.signal('SIGUSR2');
    await until('the line about it', async () => linesOf('StallWatch')[0] ?? null);

    expect(await cleanEnd()).toBe(0);
  });
});
