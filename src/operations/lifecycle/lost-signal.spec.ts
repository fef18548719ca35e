import { wasSignalLost } from './lost-signal.js';

const statusOf = (caught: string) => `Name:\tnode\nSigIgn:\t0000000000001000\nSigCgt:\t${caught}\nCapInh:\t0\n`;

describe('a signal that came while Node booted', () => {
  test.each([
    ['SIGTERM, whose handler is gone', '0000000100000002', true],
    ['SIGINT, whose handler is gone', '0000000100004000', true],
    ['none: both handlers are there', '0000000100004002', false],
    ['none that can be known of: this Node has no handlers', '0000000100000000', false],
  ])('is told by the handlers: %s', (_what, caught, isLost) => {
    expect(wasSignalLost(statusOf(caught))).toBe(isLost);
  });

  test('is not told where there is no such file', () => {
    expect(wasSignalLost('')).toBe(false);
  });
});
