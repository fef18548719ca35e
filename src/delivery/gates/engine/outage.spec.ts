import { Logger } from '@nestjs/common';
import { databaseUnavailable } from '../../../platform/database/database-failure.js';
import { Outage } from './outage.js';

/** What was logged, by level. */
class Lines extends Logger {
  readonly lines: [level: string, message: unknown][] = [];

  override warn(message: unknown): void {
    this.lines.push(['warn', message]);
  }

  override error(message: unknown): void {
    this.lines.push(['error', message]);
  }

  override log(message: unknown): void {
    this.lines.push(['log', message]);
  }
}

describe('an outage', () => {
  it('of the database is a warning with its cause, and without advice for clients', () => {
    const log = new Lines();
    const cause = new Error('connect ECONNREFUSED 127.0.0.1:5432');
    new Outage(log, 'Watching gates').failed(databaseUnavailable(cause));
    expect(log.lines).toEqual([['warn', { err: cause, msg: 'Watching gates waits for the database' }]]);
  });

  it('of anything else is an error: it takes a person', () => {
    const log = new Lines();
    const err = new TypeError('nothing there');
    new Outage(log, 'Watching gates').failed(err);
    expect(log.lines).toEqual([['error', { err, msg: 'Watching gates fails, and is tried again' }]]);
  });

  it('is told once, and its end', () => {
    const log = new Lines();
    const outage = new Outage(log, 'Watching gates');
    for (const _ of [1, 2]) outage.failed(databaseUnavailable(new Error('away')));
    for (const _ of [1, 2]) outage.succeeded();
    expect(log.lines.map(([level]) => level)).toEqual(['warn', 'log']);
  });
});
