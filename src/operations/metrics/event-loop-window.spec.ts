import { setImmediate as nextTurn } from 'node:timers/promises';
import { EventLoopWindow } from './event-loop-window.js';

const STALL_MS = 50;

/** Stalls the loop, and lets it turn until it has been seen to come round again. */
async function stall(window: EventLoopWindow): Promise<void> {
  const { count } = window.delays;
  const end = performance.now() + STALL_MS;
  while (performance.now() < end);
  while (window.delays.count <= count) await nextTurn();
}

const longestMs = (window: EventLoopWindow) => window.delays.max / 1e6;

describe('the window on the event loop', () => {
  let window: EventLoopWindow;
  beforeEach(async () => {
    window = new EventLoopWindow();
    // The first delay is measured from the second time that the loop comes round.
    while (window.delays.count === 0) await nextTurn();
  });

  afterEach(() => window.onModuleDestroy());

  test('shows a stall to everybody who asks, not only to the first', async () => {
    await stall(window);
    expect([longestMs(window) >= STALL_MS / 2, longestMs(window) >= STALL_MS / 2]).toEqual([true, true]);
  });

  test('tells everybody the same share of busy time', async () => {
    await stall(window);
    const first = window.utilization;
    expect([first > 0, window.utilization - first]).toEqual([true, expect.closeTo(0, 1)]);
  });

  test('keeps what was in its newer half for one turn, and forgets it with the next', async () => {
    await stall(window);
    window.turn();
    expect(longestMs(window)).toBeGreaterThanOrEqual(STALL_MS / 2);
    window.turn();
    expect(window.delays.count).toBe(0);
  });
});
