import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import { pino } from 'pino';
import { HealthChecks } from '../health/health-checks.js';
import { Readiness } from '../health/readiness.js';
import { StartupPhases } from '../health/startup-phases.js';
import { ProcessPhase } from '../lifecycle/process-phase.js';
import { StallWatch } from '../lifecycle/stall-watch.js';
import { Problem } from '../problems/problem.js';
import { Diagnostics } from './diagnostics.js';
import { type Recordings, recordings } from './recordings.js';

function diagnosticsIn(directory: string, kinds?: Recordings) {
  const clock = { ms: 0 };
  const logged: string[] = [];
  const stream = new Writable({ write: (chunk, _encoding, done) => done(void logged.push(String(chunk))) });
  const readiness = new Readiness(new ProcessPhase(), new StartupPhases(), new HealthChecks());
  const surroundings = { directory, noticeMs: 1, readiness, stallWatch: new StallWatch(), logger: pino(stream) };
  const diagnostics = new Diagnostics(surroundings, kinds, () => clock.ms);
  const begin = async (kind: string) => {
    try {
      return { status: 202, id: diagnostics.begin(kind) };
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return { status: error.getStatus(), headers: error.headers };
    }
  };
  return { begin, readiness, clock, logged };
}

/** Recordings that last until they are let go. */
function slowly() {
  const { promise, resolve } = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const record = () => {
    begun.resolve();
    return promise;
  };
  const kinds: Recordings = {
    'heap-snapshot': { extension: 'x', isStalling: true, record },
    'cpu-profile': { extension: 'x', isStalling: false, record },
    report: { extension: 'x', isStalling: false, record: () => Promise.reject(new Error('no space left')) },
  };
  return { kinds, begun: begun.promise, letGo: resolve };
}

const aTurn = () => new Promise(setImmediate);

describe('diagnostics', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'plimsoll-diagnostics-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  test('leave a report that only we can read, without the environment', async () => {
    process.env['CANARY_OF_DIAGNOSTICS'] = 'canary-value';
    const thread = new Worker('setInterval(() => undefined, 1000)', { eval: true });
    await once(thread, 'online');
    await recordings.report.record(join(directory, 'report.json'));
    delete process.env['CANARY_OF_DIAGNOSTICS'];
    await thread.terminate();
    const text = await readFile(join(directory, 'report.json'), 'utf8');

    expect((await stat(join(directory, 'report.json'))).mode & 0o777).toBe(0o600);
    expect(JSON.parse(text)).toMatchObject({ javascriptHeap: {}, workers: [{ javascriptHeap: {} }] });
    expect(text).not.toContain('canary-value');
  });

  test('are begun with 202 and an id, and lie under it', async () => {
    const { begin } = diagnosticsIn(directory);
    const { status, id } = await begin('report');
    let files: string[] = [];
    while (files.length === 0) files = await readdir(directory);

    expect(status).toBe(202);
    expect(files).toEqual([`${id}.json`]);
  });

  test('are recorded one at a time, and one in ten minutes', async () => {
    const { kinds, letGo } = slowly();
    const { begin, clock } = diagnosticsIn(directory, kinds);
    expect((await begin('cpu-profile')).status).toBe(202);
    expect((await begin('report')).status).toBe(409);

    letGo();
    await aTurn();
    clock.ms = 599_000;
    expect(await begin('report')).toMatchObject({ status: 429, headers: { 'Retry-After': '1' } });
    clock.ms = 600_000;
    expect((await begin('report')).status).toBe(202);
  });

  test('take the instance out of service first if they stall it, and put it back', async () => {
    const { kinds, begun, letGo } = slowly();
    const { begin, readiness } = diagnosticsIn(directory, kinds);
    await begin('heap-snapshot');
    expect(readiness.isInMaintenance).toBe(true);

    await begun;
    letGo();
    await aTurn();
    expect(readiness.isInMaintenance).toBe(false);
  });

  test('do not put an instance back that an operator has taken out', async () => {
    const { kinds, begun, letGo } = slowly();
    const { begin, readiness } = diagnosticsIn(directory, kinds);
    readiness.isInMaintenance = true;
    await begin('heap-snapshot');
    await begun;
    letGo();
    await aTurn();

    expect(readiness.isInMaintenance).toBe(true);
  });

  test('leave an instance out that an operator takes out meanwhile, and put back one that is put back', async () => {
    for (const isTakenOut of [true, false]) {
      const { kinds, begun, letGo } = slowly();
      const { begin, readiness } = diagnosticsIn(directory, kinds);
      readiness.isInMaintenance = !isTakenOut;
      await begin('heap-snapshot');
      await begun;
      readiness.isInMaintenance = isTakenOut;
      expect(readiness.isInMaintenance).toBe(true);

      letGo();
      await aTurn();
      expect(readiness.isInMaintenance).toBe(isTakenOut);
    }
  });

  test('that fail are told of in the log', async () => {
    const { begin, logged } = diagnosticsIn(directory, slowly().kinds);
    await begin('report');
    await aTurn();

    expect(logged.join()).toContain('no space left');
  });

  test('of other kinds there are none', async () => {
    expect((await diagnosticsIn(directory).begin('core-dump')).status).toBe(404);
  });
});
