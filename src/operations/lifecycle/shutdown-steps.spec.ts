import { ShutdownSteps } from './shutdown-steps.js';

const quick = { jobs: 20, outbound: 20, flags: 20, cache: 20, database: 20 };

describe('the shutdown steps', () => {
  test('run in their order, whatever order they were registered in', async () => {
    const steps = new ShutdownSteps();
    const closed: string[] = [];
    for (const order of ['database', 'flags', 'jobs', 'cache', 'outbound'] as const) {
      steps.register(order, order, async () => void closed.push(order));
    }

    await steps.run();

    expect(closed).toEqual(['jobs', 'outbound', 'flags', 'cache', 'database']);
  });

  test('go on after one that fails, and after one that never ends', async () => {
    const steps = new ShutdownSteps();
    const error = new Error('lease not released');
    steps.register('jobs', 'gates', () => Promise.reject(error));
    steps.register('cache', 'redis', () => new Promise(() => undefined));
    steps.register('database', 'pool', () => Promise.resolve());

    expect(await steps.run(quick)).toEqual([
      { name: 'gates', outcome: 'failed', error },
      { name: 'redis', outcome: 'overran' },
      { name: 'pool', outcome: 'closed' },
    ]);
  });

  test('are taken once', async () => {
    const steps = new ShutdownSteps();
    let closed = 0;
    steps.register('jobs', 'gates', async () => void closed++);

    await Promise.all([steps.run(), steps.run()]);

    expect(closed).toBe(1);
  });

  test('one that throws before it promises anything has failed', async () => {
    const steps = new ShutdownSteps();
    steps.register('jobs', 'gates', () => {
      throw new TypeError('no connection');
    });

    expect(await steps.run(quick)).toMatchObject([{ outcome: 'failed' }]);
  });
});
