import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { HealthCheckService, HealthIndicatorService, TerminusModule } from '@nestjs/terminus';
import { ProcessPhase } from '../lifecycle/process-phase.js';
import { Shutdown } from '../lifecycle/shutdown.js';
import { HealthChecks } from './health-checks.js';
import { HealthSampler } from './health-sampler.js';

/** A dependency whose next answers are given; it is up when there are none left. */
class ADependency {
  asked = 0;
  readonly answers: Array<Promise<void>> = [];
  readonly check = () => {
    this.asked += 1;
    return this.answers.shift() ?? Promise.resolve();
  };
}

let terminus: TestingModule;

function aSampler() {
  const [health, indicators] = [terminus.get(HealthCheckService), terminus.get(HealthIndicatorService)];
  const checks = new HealthChecks();
  const shutdown = new Shutdown();
  new HealthSampler(checks, health, indicators, shutdown, new ProcessPhase()).onModuleInit();
  const dependency = new ADependency();
  return { checks, shutdown, dependency };
}

describe('the health sampler', () => {
  beforeAll(async () => {
    Logger.overrideLogger(false);
    terminus = await Test.createTestingModule({ imports: [TerminusModule.forRoot({ logger: false })] }).compile();
  });
  beforeEach(() => {
    jest.useFakeTimers();
    // Jest's clock does not move this one.
    jest.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(), ms);
      return controller.signal;
    });
  });
  afterEach(() => {
    jest.restoreAllMocks();
    jest.useRealTimers();
  });

  test('asks at once, then every 5 s give or take a fifth, however often the state is read', async () => {
    const { checks, dependency } = aSampler();
    checks.register({ name: 'database', required: true, check: dependency.check });
    await jest.advanceTimersByTimeAsync(0);
    expect(dependency.asked).toBe(1);

    for (let read = 0; read < 1000; read++) checks.states();
    await jest.advanceTimersByTimeAsync(3999);
    expect(dependency.asked).toBe(1);
    await jest.advanceTimersByTimeAsync(2002);
    expect(dependency.asked).toBe(2);
  });

  test('confirms a bad sample after one second', async () => {
    const { checks, dependency } = aSampler();
    checks.register({ name: 'database', required: true, check: dependency.check });
    await jest.advanceTimersByTimeAsync(0);
    const refused = Object.assign(new Error('connect ECONNREFUSED 10.0.0.5'), { code: 'ECONNREFUSED' });
    dependency.answers.push(Promise.reject(refused), Promise.reject(refused));

    while (dependency.asked < 2) await jest.advanceTimersByTimeAsync(1);
    expect(checks.states()[0]).toMatchObject({ status: 'up', isUnconfirmed: true });
    await jest.advanceTimersByTimeAsync(1001);
    expect(checks.states()[0]).toMatchObject({ status: 'down', last: { code: 'ECONNREFUSED' } });
  });

  test('calls an error without a code "failed", and never gives its text away', async () => {
    const { checks, dependency } = aSampler();
    dependency.answers.push(Promise.reject(new Error('password "hunter2" is wrong')));
    checks.register({ name: 'database', required: true, check: dependency.check });
    await jest.advanceTimersByTimeAsync(0);

    expect(checks.states()[0]?.last).toMatchObject({ isUp: false, code: 'failed' });
    expect(JSON.stringify(checks.states())).not.toContain('hunter2');
  });

  test('does not ask again while a check hangs', async () => {
    const { checks, dependency } = aSampler();
    dependency.answers.push(new Promise(() => undefined));
    checks.register({ name: 'database', required: true, check: dependency.check });

    await jest.advanceTimersByTimeAsync(60_000);
    expect(dependency.asked).toBe(1);
    expect(checks.states()[0]).toMatchObject({ status: 'down', last: { code: 'timeout' } });
  });

  test('stops with the jobs, before the database is closed', async () => {
    const { checks, shutdown, dependency } = aSampler();
    checks.register({ name: 'database', required: true, check: dependency.check });
    await jest.advanceTimersByTimeAsync(0);

    await shutdown.steps.run();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(dependency.asked).toBe(1);
  });
});
