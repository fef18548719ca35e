import { setTimeout as later } from 'node:timers/promises';
import { LoopDelay } from './loop-delay.js';

function standStill(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

describe('the delay of the event loop', () => {
  it('counts a standstill at once, before any timer could notice it', () => {
    const watch = new LoopDelay().watch();
    standStill(200);
    expect(watch.lostMs).toBeGreaterThan(150);
    watch.end();
  });

  it('counts it once, and only for those who watched', async () => {
    const loop = new LoopDelay();
    const watch = loop.watch();
    standStill(500);
    const lost = watch.lostMs;
    await later(1);
    expect(watch.lostMs - lost).toBeLessThan(250);
    const afterwards = loop.watch();
    expect(afterwards.lostMs).toBeLessThan(lost / 2);
    watch.end();
    afterwards.end();
  });

  it('counts sleep of the machine, through which the monotonic clock does not run', () => {
    const loop = new LoopDelay();
    const watch = loop.watch();
    const { now } = Date;
    Date.now = () => now() + 5000;
    expect(watch.lostMs).toBeGreaterThan(4900);
    Date.now = now;
    watch.end();
  });
});
