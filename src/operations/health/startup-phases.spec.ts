import { StartupPhases } from './startup-phases.js';

function startingAt(now: { ms: number }): StartupPhases {
  return new StartupPhases(() => now.ms);
}

describe('the phases of a start', () => {
  test('have the time that each of them took', () => {
    const now = { ms: 100 };
    const startup = startingAt(now);
    const databaseIsUp = startup.register('database');
    startup.register('schema');
    now.ms = 350;
    databaseIsUp();

    expect(startup.list()).toEqual([
      { name: 'database', durationMs: 250 },
      { name: 'schema', durationMs: null },
    ]);
    expect(startup.pending()).toEqual(['schema']);
  });

  test('are complete when the last of them is', async () => {
    const now = { ms: 0 };
    const startup = startingAt(now);
    const done = [startup.register('database'), startup.register('schema')];
    done[1]?.();
    expect(startup.isComplete).toBe(false);

    now.ms = 900;
    done[0]?.();
    await startup.completed;
    expect(startup.completedAfterMs).toBe(900);
  });

  test('stay complete: what is registered later is not waited for', () => {
    const startup = new StartupPhases();
    startup.register('database')();
    startup.register('schema');

    expect(startup.isComplete).toBe(true);
    expect(startup.pending()).toEqual([]);
  });

  test('being done twice changes nothing', () => {
    const now = { ms: 0 };
    const startup = startingAt(now);
    const done = startup.register('database');
    done();
    now.ms = 500;
    done();

    expect(startup.list()).toEqual([{ name: 'database', durationMs: 0 }]);
    expect(startup.completedAfterMs).toBe(0);
  });
});
