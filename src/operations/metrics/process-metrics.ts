import { performance } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import { collectDefaultMetrics } from 'prom-client';
import { logLevels } from '../logging/log-levels.js';
import type { ServiceProcess } from '../service-process.js';
import { declareOutboundMetrics } from '../outbound/outbound-metrics.js';
import { collectedCounter, collectedGauge } from './collected.js';

/** Declares the metrics of the process itself; once in a process, as soon as it can be scraped. */
export function declareProcessMetrics(process: ServiceProcess): void {
  collectDefaultMetrics();
  declareRuntimeMetrics();
  declareLifecycleMetrics(process);
  declareHealthMetrics(process);
  declareLogMetrics(process);
  declareOutboundMetrics(process.outbound);
  collectedCounter({
    name: 'ops_requests_total',
    help: 'Answers of the operations listener.',
    labelNames: ['path', 'status_code'],
    values: () => process.opsCounts.values(),
  });
}

function declareRuntimeMetrics(): void {
  let previous = performance.eventLoopUtilization();
  collectedGauge({
    name: 'nodejs_eventloop_utilization',
    help: 'Share of the time since the last scrape that the event loop was busy.',
    values: () => {
      const current = performance.eventLoopUtilization();
      const { utilization } = performance.eventLoopUtilization(current, previous);
      previous = current;
      return [{ value: utilization }];
    },
  });
  collectedGauge({
    name: 'nodejs_heap_size_limit_bytes',
    help: 'What the heap can grow to before the process dies.',
    values: () => [{ value: getHeapStatistics().heap_size_limit }],
  });
}

function declareLifecycleMetrics({ phase, startup, info, errors }: ServiceProcess): void {
  collectedGauge({
    name: 'app_phase',
    help: 'The phase that the process is in is 1, the others are 0.',
    labelNames: ['phase'],
    values: () =>
      ['starting', 'ready', 'draining', 'stopped'].map((name) => ({
        labels: { phase: name },
        value: name === phase.current ? 1 : 0,
      })),
  });
  collectedGauge({
    name: 'app_startup_duration_seconds',
    help: 'From the start of the process until it was ready for the first time.',
    values: () => (startup.completedAfterMs === null ? [] : [{ value: startup.completedAfterMs / 1000 }]),
  });
  collectedGauge({
    name: 'app_build_info',
    help: 'What runs; always 1.',
    labelNames: ['version', 'git_sha', 'node'],
    values: () => [{ labels: info.labels(), value: 1 }],
  });
  collectedGauge({
    name: 'app_config_info',
    help: 'The hash of the settings without the secrets; always 1.',
    labelNames: ['hash'],
    values: () => [{ labels: { hash: info.configHash }, value: 1 }],
  });
  collectedCounter({
    name: 'unhandled_errors_total',
    help: 'Errors that nobody expected: logged as errors, or not caught, which ends the process.',
    labelNames: ['kind'],
    values: () => Object.entries(errors.counts).map(([kind, value]) => ({ labels: { kind }, value })),
  });
}

function declareHealthMetrics({ healthChecks }: ServiceProcess): void {
  collectedGauge({
    name: 'health_check_status',
    help: '1 is up, 0 is down or unknown, 0.5 is a last sample that contradicts and is not confirmed yet.',
    labelNames: ['check'],
    values: () =>
      healthChecks.states().map(({ check, status, isUnconfirmed }) => ({
        labels: { check: check.name },
        value: isUnconfirmed ? 0.5 : Number(status === 'up'),
      })),
  });
  collectedGauge({
    name: 'health_check_duration_seconds',
    help: 'How long the last sample took.',
    labelNames: ['check'],
    values: () =>
      healthChecks.states().flatMap(({ check, last }) => {
        return last ? [{ labels: { check: check.name }, value: last.latencyMs / 1000 }] : [];
      }),
  });
}

function declareLogMetrics({ log }: ServiceProcess): void {
  collectedCounter({
    name: 'log_messages_total',
    help: 'Lines that were logged.',
    labelNames: ['level'],
    values: () => logLevels.map((level) => ({ labels: { level }, value: log.countOf(level) })),
  });
  collectedCounter({
    name: 'log_messages_dropped_total',
    help: 'Lines that were dropped because whoever reads the log did not.',
    values: () => [{ value: log.destination.dropped }],
  });
  collectedGauge({
    name: 'app_log_level_override',
    help: 'Contexts whose level was changed while the process runs.',
    values: () => [{ value: log.levels.overrides }],
  });
}
