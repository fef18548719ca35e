import { makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import type { Gauge } from 'prom-client';
import { setOrRemove } from '../metrics/collected.js';
import type { DependencyState } from './dependency-state.js';
import { HealthChecks } from './health-checks.js';
import { Readiness } from './readiness.js';
import { StartupPhases } from './startup-phases.js';

export const healthMetrics = [
  makeGaugeProvider({
    name: 'app_ready',
    help: '1 while /readyz answers 200, ready or degraded; else 0.',
    inject: [Readiness],
    collect(this: Gauge, readiness: Readiness) {
      this.set(Number(readiness.report().status !== 'unready'));
    },
  }),
  makeGaugeProvider({
    name: 'app_maintenance',
    help: '1 while the instance is out of service by request, as after POST /drain; else 0.',
    inject: [Readiness],
    collect(this: Gauge, { isInMaintenance }: Readiness) {
      this.set(Number(isInMaintenance));
    },
  }),
  makeGaugeProvider({
    name: 'app_startup_duration_seconds',
    help: 'From the start of the process until it was ready for the first time.',
    inject: [StartupPhases],
    collect(this: Gauge, { completedAfterMs }: StartupPhases) {
      setOrRemove(this, completedAfterMs === null ? undefined : completedAfterMs / 1000);
    },
  }),
  makeGaugeProvider({
    name: 'health_check_status',
    help: '1 is up, 0 is down or unknown, 0.5 is a last sample that contradicts and is not confirmed yet.',
    labelNames: ['check'],
    inject: [HealthChecks],
    collect(this: Gauge, checks: HealthChecks) {
      for (const state of checks.states()) this.set({ check: state.check.name }, valueOf(state));
    },
  }),
  makeGaugeProvider({
    name: 'health_check_duration_seconds',
    help: 'How long the last sample took.',
    labelNames: ['check'],
    inject: [HealthChecks],
    collect(this: Gauge, checks: HealthChecks) {
      for (const { check, last } of checks.states()) if (last) this.set({ check: check.name }, last.latencyMs / 1000);
    },
  }),
];

function valueOf({ status, isUnconfirmed }: DependencyState): number {
  return isUnconfirmed ? 0.5 : Number(status === 'up');
}
