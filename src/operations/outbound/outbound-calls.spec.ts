import { jest } from '@jest/globals';
import { Histogram } from 'prom-client';
import { callDurations } from './call-durations.js';
import { CircuitOpen } from './circuit-breaker.js';
import { declaredPeers } from './declared-peers.js';
import { OutboundCalls } from './outbound-calls.js';

const { opensAfter, triesAgainAfterMs } = declaredPeers.prometheus.circuit;

const answers = (status: number) => async () => ({ status });
const fails = () => Promise.reject(new Error('connection refused'));
const hangs = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason as Error);
    signal.addEventListener('abort', () => reject(signal.reason as Error));
  });
const later = () => jest.setSystemTime(Date.now() + triesAgainAfterMs);

function aPeer() {
  const lines: string[] = [];
  const log = (level: string) => (about: object, text: string) =>
    lines.push([level, text, ...('why' in about ? [about.why] : [])].join(' | '));
  const durations = new Histogram({ ...callDurations, registers: [] });
  const outbound = new OutboundCalls({ info: log('info'), warn: log('warn') }, durations);
  const peer = outbound.peer('prometheus');
  const call = (work: (signal: AbortSignal) => Promise<{ status: number }>, signal?: AbortSignal) =>
    peer.call(work, { timeoutMs: 5000, ...(signal && { signal }) });
  const measured = async () => {
    const { values } = await durations.get();
    const totals = values.filter(({ metricName }) => metricName?.endsWith('_count'));
    return Object.fromEntries(
      totals.map(({ labels, value }) => [(labels as { status_class: string }).status_class, value]),
    );
  };
  const open = async () => {
    for (let n = 0; n < opensAfter; n++) await call(fails).catch(() => undefined);
  };
  return { outbound, peer, call, lines, measured, open, state: () => outbound.states()[0]?.state };
}

describe('calls to a peer', () => {
  it('are measured by what came of them', async () => {
    const { peer, call, measured } = aPeer();
    for (const status of [200, 204, 304, 404, 503]) await call(answers(status));
    await expect(call(fails)).rejects.toThrow('connection refused');
    await expect(peer.call(hangs, { timeoutMs: 1 })).rejects.toThrow(/timeout/);

    expect(await measured()).toEqual({ '2xx': 2, '3xx': 1, '4xx': 1, '5xx': 1, error: 1, timeout: 1 });
  });

  it('that their caller calls off are neither measured nor a failure', async () => {
    const { call, measured, state } = aPeer();
    for (let n = 0; n <= opensAfter; n++) {
      const caller = new AbortController();
      const called = call(hangs, caller.signal);
      caller.abort();
      await expect(called).rejects.toThrow(/aborted/);
    }

    expect([await measured(), state()]).toEqual([{}, 'closed']);
  });
});

describe('a circuit', () => {
  beforeEach(() => jest.useFakeTimers({ advanceTimers: true }));
  afterEach(() => jest.useRealTimers());

  it.each([
    ['calls that fail', fails, 'connection refused'],
    ['answers from 500 on', answers(500), 'it answered that it failed'],
  ])('opens after %s, one after the other, and says so once', async (_what, work, why) => {
    const { call, state, lines } = aPeer();
    for (let n = 1; n < opensAfter; n++) await call(work).catch(() => undefined);
    await call(answers(404));
    for (let n = 1; n < opensAfter; n++) await call(work).catch(() => undefined);
    expect(state()).toBe('closed');
    await call(work).catch(() => undefined);

    expect(state()).toBe('open');
    expect(lines).toEqual([`warn | prometheus does not answer, and is left alone for a while | ${why}`]);
  });

  it('that is open calls nobody', async () => {
    const { call, open } = aPeer();
    await open();
    let isCalled = false;
    const work = async () => {
      isCalled = true;
      return { status: 200 };
    };

    await expect(call(work)).rejects.toThrow(CircuitOpen);
    expect(isCalled).toBe(false);
  });

  it('lets one call try, which nobody waits for, and closes when it is answered', async () => {
    const { call, open, state, lines } = aPeer();
    await open();
    later();
    const { promise: answer, resolve } = Promise.withResolvers<{ status: number }>();
    const trial = call(() => answer);
    await Promise.resolve();
    expect(state()).toBe('half-open');
    await expect(call(answers(200))).rejects.toThrow(CircuitOpen);
    resolve({ status: 200 });
    await trial;

    expect(state()).toBe('closed');
    expect(lines).toEqual([expect.stringMatching(/^warn/), 'info | prometheus answers again']);
  });

  it.each([
    ['fails', fails],
    ['is called off', () => Promise.reject(new DOMException('called off', 'AbortError'))],
  ])('stays open without a word when the trial %s', async (_how, work) => {
    const { call, open, state, lines } = aPeer();
    await open();
    later();
    await expect(call(work)).rejects.toThrow(/refused|called off/);

    expect(state()).toBe('open');
    expect(lines).toHaveLength(1);
  });
});
