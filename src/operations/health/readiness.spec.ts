import { ProcessPhase } from '../lifecycle/process-phase.js';
import { HealthChecks } from './health-checks.js';
import { Readiness } from './readiness.js';
import { StartupPhases } from './startup-phases.js';

function aProcess() {
  const phase = new ProcessPhase();
  const startup = new StartupPhases();
  const checks = new HealthChecks();
  const dependency = (name: string, required: boolean, ...samples: boolean[]) => {
    checks.register({ name, required, check: async () => undefined });
    const state = checks.states().at(-1);
    for (const isUp of samples) state?.record({ isUp, latencyMs: 1, code: null, at: new Date() });
  };
  return { phase, startup, dependency, readiness: new Readiness(phase, startup, checks) };
}

function aReadyProcess() {
  const parts = aProcess();
  parts.phase.apply('started');
  return parts;
}

describe('readiness', () => {
  test('names what a start is waiting for', () => {
    const { startup, readiness } = aProcess();
    startup.register('application');
    startup.register('schema');

    expect(readiness.report()).toEqual({ status: 'unready', reasons: ['starting', 'application', 'schema'] });
  });

  test('names once what is both a phase of the start and a dependency', () => {
    const { startup, dependency, readiness } = aProcess();
    startup.register('schema');
    dependency('schema', true);

    expect(readiness.report().reasons).toEqual(['starting', 'schema']);
  });

  test('is there once the process is ready and its required dependencies are up', () => {
    const { dependency, readiness } = aReadyProcess();
    dependency('database', true, true);

    expect(readiness.report()).toEqual({ status: 'ready', reasons: [] });
  });

  test('is not there before a required dependency was seen', () => {
    const { dependency, readiness } = aReadyProcess();
    dependency('database', true);

    expect(readiness.report()).toEqual({ status: 'unready', reasons: ['database'] });
  });

  test('survives one bad sample of a required dependency, not two', () => {
    const { dependency, readiness } = aReadyProcess();
    dependency('database', true, true, false);
    expect(readiness.report().status).toBe('ready');

    dependency('database', true, true, false, false);
    expect(readiness.report()).toEqual({ status: 'unready', reasons: ['database'] });
  });

  test('is degraded without an optional dependency', () => {
    const { dependency, readiness } = aReadyProcess();
    dependency('database', true, true);
    dependency('redis', false, true, false, false);

    expect(readiness.report()).toEqual({ status: 'degraded', reasons: ['redis'] });
  });

  test('is gone from the moment of draining, however healthy the dependencies are', () => {
    const { phase, dependency, readiness } = aReadyProcess();
    dependency('database', true, true);
    phase.apply('signal');

    expect(readiness.report()).toEqual({ status: 'unready', reasons: ['draining'] });
  });

  test('is gone in maintenance, and back after it', () => {
    const { readiness } = aReadyProcess();
    readiness.isInMaintenance = true;
    expect(readiness.report()).toEqual({ status: 'unready', reasons: ['maintenance'] });

    readiness.isInMaintenance = false;
    expect(readiness.report().status).toBe('ready');
  });
});
