import { jest } from '@jest/globals';
import { LogLevels } from './log-levels.js';

describe('log levels', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  test('a context without a level of its own has that of root', () => {
    const levels = new LogLevels('warn');

    expect(levels.allows('warn', 'Deployments')).toBe(true);
    expect(levels.allows('info', 'Deployments')).toBe(false);
  });

  test('what Nest tells of its start is left out, but not when somebody debugs', () => {
    expect(new LogLevels('info').allows('info', 'RoutesResolver')).toBe(false);
    expect(new LogLevels('info').allows('warn', 'RoutesResolver')).toBe(true);
    expect(new LogLevels('error').allows('warn', 'RoutesResolver')).toBe(false);
    expect(new LogLevels('debug').allows('info', 'RoutesResolver')).toBe(true);
  });

  test('silent is silent', () => {
    expect(new LogLevels('silent').allows('fatal')).toBe(false);
  });

  test('an override holds for its context alone, and reverts by itself', () => {
    const levels = new LogLevels('info');
    levels.override('Deployments', 'debug', 60_000);
    expect(levels.allows('debug', 'Deployments')).toBe(true);
    expect(levels.allows('debug', 'Gates')).toBe(false);

    jest.advanceTimersByTime(60_000);
    expect(levels.allows('debug', 'Deployments')).toBe(false);
    expect(levels.overrides).toBe(0);
  });

  test('a second override begins its time anew', () => {
    const levels = new LogLevels('info');
    levels.override('root', 'debug', 60_000);
    jest.advanceTimersByTime(50_000);
    levels.override('root', 'trace', 60_000);
    jest.advanceTimersByTime(50_000);

    expect(levels.levelOf('Gates')).toBe('trace');
  });

  test('tells the least level that any context wants, so that nothing is made only to be thrown away', () => {
    const told: string[] = [];
    const levels = new LogLevels('info', (level) => told.push(level));
    levels.override('Deployments', 'trace', 60_000);
    levels.revert('Deployments');

    expect(told.at(-2)).toBe('trace');
    expect(told.at(-1)).toBe('info');
  });

  test('contexts are known once they have logged', () => {
    const levels = new LogLevels('info');
    expect(levels.has('Deployments')).toBe(false);
    levels.allows('debug', 'Deployments');

    expect(levels.has('Deployments')).toBe(true);
    expect(levels.list()).toContainEqual({ context: 'Deployments', level: 'info', overriddenUntil: null });
  });

  test('contexts that somebody makes up as they go do not fill the memory', () => {
    const levels = new LogLevels('info');
    for (let n = 0; n < 2000; n++) levels.allows('info', `request ${n}`);

    expect(levels.list()).toHaveLength(500);
  });
});
