import { Api, eventually } from './api.js';
import { evaluateIn } from './inside-process.js';
import { becomes, deaths, startedAt } from './instances.js';
import { containerOf, podman, run } from './stack.mjs';

/** Three checks 10 s apart, then the 30 s in which a process that still turns could drain; the rest is for a busy machine. */
const restartedWithinMs = 180_000;

/** Hangs an instance, and answers when it was started again. */
async function startedAgain(service: string, hang: () => Promise<unknown>): Promise<string> {
  await becomes(service, '200', 60_000);
  const before = await startedAt(service);
  await hang();
  return eventually(
    () => startedAt(service),
    (at) => at !== before,
    restartedWithinMs,
  );
}

describe('an instance that hangs', () => {
  let api: Api;

  beforeAll(async () => {
    api = await Api.connect();
  });

  afterAll(() => api.close());

  it('in an endless loop is restarted, and the other answers meanwhile', async () => {
    const other = await startedAt('app-2');
    await startedAgain('app-1', async () => {
      await evaluateIn('app-1', 'for (;;);');
      // The proxy needs two checks to notice; whatever was sent there before is lost.
      await eventually(
        async () => (await api.send('GET', '/v1/services')).status,
        (status) => status === 200,
        20_000,
      );
    });
    expect(await startedAt('app-2')).toBe(other);
    expect(await becomes('app-1', '200', 60_000)).toContain('200');
  });

  it('because it was stopped is restarted as well', async () => {
    const pid = await podman('inspect', '--format', '{{.State.Pid}}', containerOf('app-2'));
    await startedAgain('app-2', () => run('kill', ['-STOP', pid]));
    expect(await becomes('app-2', '200', 60_000)).toContain('200');
  });
});

describe('an instance that leaks', () => {
  it("dies of V8's limit, which says so, before the kernel ends it without a word", async () => {
    await becomes('app-1', '200', 60_000);
    const since = new Date();
    await evaluateIn(
      'app-1',
      'globalThis.leak = []; setInterval(() => leak.push(Array.from({ length: 20000 }, Math.random)), 1)',
    );
    const codes = await eventually(
      () => deaths('app-1', since),
      (all) => all.length > 0,
      120_000,
    );
    expect(codes).not.toContain('137');
    const log = await run('sh', ['-c', `podman logs --since ${since.toISOString()} ${containerOf('app-1')} 2>&1`]);
    expect(log).toMatch(/Last few GCs[^]*FATAL ERROR: .*JavaScript heap out of memory/);
    await becomes('app-1', '200', 60_000);
  });
});
