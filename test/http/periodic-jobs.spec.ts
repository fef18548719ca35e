import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { register } from 'prom-client';
import { PeriodicJobs } from '../../src/platform/jobs/periodic-jobs.js';
import { startApplication, type TestApplication } from '../support/application.js';
import { eventually } from '../support/eventually.js';
import { askOperations, operationsSettings } from '../support/operations.js';

describe('a periodic job', () => {
  let app: TestApplication;
  let jobs: PeriodicJobs;

  beforeEach(async () => {
    app = await startApplication({ settings: operationsSettings });
    jobs = app.nest.get(PeriodicJobs);
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await app.close();
  });

  async function listed(name: string): Promise<Record<string, unknown> | undefined> {
    const { body } = await askOperations(app, 'GET', '/jobs');
    return body.jobs.find((job: { name: string }) => job.name === name);
  }

  it('runs again and again, and never twice at once', async () => {
    let running = 0;
    let most = 0;
    let runs = 0;
    jobs.every('turns', 1, async () => {
      most = Math.max(most, (running += 1));
      await new Promise(setImmediate);
      running -= 1;
      runs += 1;
    });
    await eventually(() => expect(runs).toBeGreaterThan(5));
    expect(most).toBe(1);
  });

  it('that fails is told of once an outage, and tried again until it succeeds', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const told = (): unknown[] => warn.mock.calls.filter(([message]) => JSON.stringify(message).includes('flaky'));
    let runs = 0;
    let fails = true;
    jobs.every('flaky', 1, async () => {
      runs += 1;
      if (fails) throw new Error('the dog ate it');
    });
    await eventually(() => expect(runs).toBeGreaterThan(3));
    expect(told()).toHaveLength(1);
    expect(await listed('flaky')).toMatchObject({ lastSuccess: null, failingSince: expect.any(String) });
    fails = false;
    await eventually(async () => expect(await listed('flaky')).toMatchObject({ failingSince: null }));
    fails = true;
    await eventually(() => expect(told()).toHaveLength(2));
  });

  it('is measured and listed', async () => {
    jobs.every('listed', 60_000, async () => undefined);
    await eventually(async () => expect(await listed('listed')).toMatchObject({ lastSuccess: expect.any(String) }));
    expect(await listed('listed')).toEqual({
      name: 'listed',
      everyMs: 60_000,
      isRunning: false,
      lastStarted: expect.any(String),
      lastSuccess: expect.any(String),
      failingSince: null,
    });
    expect(await sample('job_runs_total{job="listed",outcome="success"}')).toBe(1);
    expect(await sample('job_duration_seconds_count{job="listed"}')).toBe(1);
    expect(await sample('job_last_success_timestamp_seconds{job="listed"}')).toBeGreaterThan(0);
    expect((await askOperations(app, 'GET', '/jobs', { token: null })).status).toBe(401);
  });

  it('that runs when the instance drains is told so and waited for, and no other run begins', async () => {
    const begun = Promise.withResolvers<void>();
    let runs = 0;
    let isFinished = false;
    jobs.every('last', 1, async (signal) => {
      runs += 1;
      begun.resolve();
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      await app.database.query('still-there', 'SELECT 1', []);
      isFinished = true;
    });
    await begun.promise;
    await app.nest.close();
    expect([isFinished, runs]).toEqual([true, 1]);
  });
});

async function sample(line: string): Promise<number> {
  const found = (await register.metrics()).split('\n').find((each) => each.startsWith(`${line} `));
  return Number(found?.split(' ').at(-1));
}
