import { Injectable } from '@nestjs/common';
import { makeCounterProvider, makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import type { Counter, Gauge } from 'prom-client';
import { type CgroupUsage, readCgroup } from './cgroup.js';
import { countAll, setOrRemove } from './collected.js';

/** Metrics of one scrape are read together. */
@Injectable()
export class Cgroup {
  #reading: Promise<CgroupUsage> | null = null;

  read(): Promise<CgroupUsage> {
    this.#reading ??= readCgroup().finally(() => (this.#reading = null));
    return this.#reading;
  }
}

const gauges: ReadonlyArray<[name: string, help: string, of: keyof CgroupUsage]> = [
  ['memory_bytes', "Memory of the process's control group that the kernel cannot simply take back.", 'memoryBytes'],
  ['memory_limit_bytes', 'Memory that the control group may have. Absent without a limit.', 'memoryLimitBytes'],
  ['cpu_limit_cores', 'CPUs that the control group may use at once. Absent without a limit.', 'cpuLimit'],
];

const counters: ReadonlyArray<[name: string, help: string, of: keyof CgroupUsage]> = [
  ['cpu_seconds_total', 'CPU time of the control group.', 'cpuSeconds'],
  ['cpu_periods_total', 'Periods in which the control group was held to its CPU limit.', 'cpuPeriods'],
  ['cpu_throttled_periods_total', 'Periods in which it had used it up, and waited.', 'throttledPeriods'],
  ['cpu_throttled_seconds_total', 'Time that it waited so.', 'throttledSeconds'],
];

/** Of the container, or of the group of the process. Only Linux has them. */
export const cgroupMetrics = [
  Cgroup,
  ...gauges.map(([name, help, of]) =>
    makeGaugeProvider({
      name: `cgroup_${name}`,
      help,
      inject: [Cgroup],
      async collect(this: Gauge, cgroup: Cgroup) {
        setOrRemove(this, (await cgroup.read())[of]);
      },
    }),
  ),
  ...counters.map(([name, help, of]) =>
    makeCounterProvider({
      name: `cgroup_${name}`,
      help,
      inject: [Cgroup],
      async collect(this: Counter, cgroup: Cgroup) {
        countAll(this, [{ value: (await cgroup.read())[of] ?? 0 }]);
      },
    }),
  ),
];
