import { allowList, isAllowEntry } from './allow-list.js';

describe('an allow-list', () => {
  it.each([
    'localhost',
    'app.example.com',
    'app.example.com.',
    'host_1.internal',
    'web-1',
    '10.0.0.5',
    '10.0.0.0/8',
    '0.0.0.0/0',
    '::1',
    'fd00::/8',
  ])('takes %s', (entry) => {
    expect(isAllowEntry(entry)).toBe(true);
  });

  it.each([
    '10.0.0.0/33',
    '999.1.1.1',
    '999.1.1.1/8',
    'fd00::/129',
    'http://x',
    '*',
    '*.example.com',
    'foo bar',
    '10.0.0.0/8/8',
    '10.0.0.0/',
    '-a.example.com',
    'fd00::1%eth0',
    'fd00::%eth0/64',
  ])('refuses %s', (entry) => {
    expect(isAllowEntry(entry)).toBe(false);
  });

  it('names every entry that means nothing', () => {
    const { error } = allowList.safeParse('10.0.0.0/8, *, 999.1.1.1');
    expect(error?.issues.map(({ message }) => message)).toEqual([
      'must hold host names, addresses and CIDR ranges; not so: "*", "999.1.1.1"',
    ]);
  });

  it('may be empty, and forgives spaces', () => {
    expect([allowList.parse(''), allowList.parse(' a , b,')]).toEqual([[], ['a', 'b']]);
  });
});
