import type { GatePlan, PlannedCheck } from '../plan/gate-plan.model.js';
import { CheckTypes, type Reading } from './check-types.js';
import type { HttpAnswer } from './http-exchange.js';
import { HttpCheck } from './http-check.js';
import type { HttpProbe } from './http-probe.js';
import type { ProbeUrls } from './probe-urls.js';

/** What a check that wants an answer within half a second reads from this one. */
function read(answer: Partial<HttpAnswer>, expect: object[] = [{ field: 'durationMs', op: 'lt', value: 500 }]) {
  const whole = { status: 200, headers: {}, durationMs: 10, ownDelayMs: 0, body: Buffer.alloc(0), ...answer };
  const probe = { get: async () => whole } as unknown as HttpProbe;
  const check = { specification: { url: 'http://host' }, expect, timeoutMs: 1000 } as unknown as PlannedCheck;
  const plan = { release: { digest: '', gitSha: '', version: '' } } as GatePlan;
  const type = new HttpCheck(probe, {} as ProbeUrls, new CheckTypes());
  return type.prepare({ plan, check, host: null })(new Date());
}

describe('the duration of an answer', () => {
  it.each<[Partial<HttpAnswer>, Partial<Reading>]>([
    [
      { durationMs: 400, ownDelayMs: 50 },
      { outcome: 'pass', value: 400 },
    ],
    [
      { durationMs: 600, ownDelayMs: 50 },
      { outcome: 'fail', value: 600 },
    ],
    [
      { durationMs: 400, ownDelayMs: 2000 },
      { outcome: 'error', value: null },
    ],
  ])('is held against nobody where it cannot be told from a standstill of Plimsoll: %j', async (answer, reading) => {
    expect(await read(answer)).toMatchObject(reading);
  });

  it('does not excuse what was answered', async () => {
    const expect200 = [{ field: 'status', op: 'eq', value: 200 }];
    expect(await read({ status: 503, ownDelayMs: 2000 }, expect200)).toMatchObject({ outcome: 'fail' });
  });
});

describe('what a failure tells', () => {
  it('stays short, however much was expected and answered', async () => {
    const condition = { field: '/a', op: 'in', value: Array.from({ length: 100 }, () => 'x'.repeat(1000)) };
    const body = Buffer.from(JSON.stringify({ a: 'y'.repeat(60_000) }));
    const { detail } = await read(
      { body },
      Array.from({ length: 50 }, () => condition),
    );
    expect(detail?.length).toBeLessThan(2500);
  });
});
