import { getHeapStatistics } from 'node:v8';
import { makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import { type Gauge, register } from 'prom-client';
import { setOrRemove } from './collected.js';
import { EventLoopWindow } from './event-loop-window.js';

const delays = {
  min: ['minimum', (window) => window.delays.min],
  max: ['maximum', (window) => window.delays.max],
  mean: ['mean', (window) => window.delays.mean],
  stddev: ['standard deviation', (window) => window.delays.stddev],
  p50: ['50th percentile', (window) => window.delays.percentile(50)],
  p90: ['90th percentile', (window) => window.delays.percentile(90)],
  p99: ['99th percentile', (window) => window.delays.percentile(99)],
} satisfies Record<string, [words: string, nanoseconds: (window: EventLoopWindow) => number]>;

const lag = (name: string) => `nodejs_eventloop_lag_${name}_seconds`;

/** Metrics of the process that prom-client does not provide, or resets at each scrape. */
export const runtimeMetrics = [
  { provide: EventLoopWindow, useFactory: windowForDefaults },
  makeGaugeProvider({
    name: 'nodejs_eventloop_utilization',
    help: 'Share of the last 30 to 60 s that the event loop was busy.',
    inject: [EventLoopWindow],
    collect(this: Gauge, { utilization }: EventLoopWindow) {
      this.set(utilization);
    },
  }),
  ...Object.entries(delays).map(([name, [words, nanoseconds]]) =>
    makeGaugeProvider({
      name: lag(name),
      help: `The ${words} of the event loop delays of the last 30 to 60 s.`,
      inject: [EventLoopWindow],
      collect(this: Gauge, window: EventLoopWindow) {
        setOrRemove(this, window.delays.count === 0 ? undefined : nanoseconds(window) / 1e9);
      },
    }),
  ),
  makeGaugeProvider({
    name: 'nodejs_heap_size_limit_bytes',
    help: 'What the heap can grow to before the process dies.',
    collect(this: Gauge) {
      this.set(getHeapStatistics().heap_size_limit);
    },
  }),
];

/** Replace prom-client's own gauges of the same names. */
function windowForDefaults(): EventLoopWindow {
  for (const name of Object.keys(delays)) register.removeSingleMetric(lag(name));
  return new EventLoopWindow();
}
