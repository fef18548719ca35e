import { StallWatch } from './stall-watch.js';

describe('the watch over the event loop', () => {
  test('measures from the last time that the count was seen to rise', () => {
    const watch = new StallWatch(0);
    watch.observe(1, 500);
    watch.observe(2, 1000);
    watch.observe(2, 1500);
    watch.observe(2, 9000);

    expect(watch.stalledMs(11_000)).toBe(10_000);
  });

  test('forgets a stall as soon as the loop turns again', () => {
    const watch = new StallWatch(0);
    watch.observe(0, 60_000);
    watch.observe(1, 60_500);

    expect(watch.stalledMs(60_500)).toBe(0);
  });
});
