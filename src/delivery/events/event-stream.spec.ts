import { EventStream } from './event-stream.js';

describe('an event stream', () => {
  it('ends where its client takes nothing, before it holds much', () => {
    const stream = new EventStream();
    for (let n = 0; n < 1000; n += 1) stream.send('x'.repeat(1024));
    expect(stream.isOpen).toBe(false);
    expect(stream.unreadBytes).toBeLessThan(300 * 1024);
  });
});
