import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The kernel's counts and limits of a group of processes. Values that the kernel does not provide are missing. */
export interface CgroupUsage {
  readonly memoryBytes?: number;
  readonly memoryLimitBytes?: number;
  readonly cpuSeconds?: number;
  /** In CPUs. */
  readonly cpuLimit?: number;
  readonly cpuPeriods?: number;
  readonly throttledPeriods?: number;
  readonly throttledSeconds?: number;
}

/** Version 1 expresses "no limit" as the largest number of pages that it knows. */
const NO_LIMIT = 2 ** 60;

/**
 * Reads the group of this process, in version 2 or 1 of cgroups. In a container the group is mounted at the root, but
 * version 1 still names it by its path on the host. So if the named folder does not exist, the root is read.
 */
export async function readCgroup(root = '/sys/fs/cgroup', self = '/proc/self/cgroup'): Promise<CgroupUsage> {
  const paths = pathsOf(await text(self));
  const unified = paths.get('') ?? '/';
  return (await versionTwo(root, unified)) ?? (await versionOne(root, paths));
}

/** Lines such as `4:memory:/path`. Version 2 names no controller: `0::/path`. */
function pathsOf(lines: string): Map<string, string> {
  const paths = new Map<string, string>();
  for (const [, controllers = '', path = '/'] of lines.matchAll(/^\d+:([^:]*):(.*)$/gm)) {
    for (const controller of controllers.split(',')) paths.set(controller, path);
  }
  return paths;
}

async function versionTwo(root: string, path: string): Promise<CgroupUsage | null> {
  const [memory, cpu] = await Promise.all([fields(root, path, 'memory.stat'), fields(root, path, 'cpu.stat')]);
  if (cpu.size === 0 || !cpu.has('usage_usec')) return null;
  const [used, limit, quota] = await Promise.all([
    number(root, path, 'memory.current'),
    number(root, path, 'memory.max'),
    found(root, path, 'cpu.max'),
  ]);
  const [allowed, period] = quota.split(' ').map(Number);
  return known({
    memoryBytes: used === undefined ? undefined : used - (memory.get('inactive_file') ?? 0),
    memoryLimitBytes: limit,
    cpuSeconds: scaled(cpu.get('usage_usec'), 1e6),
    cpuLimit: quotient(allowed, period),
    cpuPeriods: cpu.get('nr_periods'),
    throttledPeriods: cpu.get('nr_throttled'),
    throttledSeconds: scaled(cpu.get('throttled_usec'), 1e6),
  });
}

async function versionOne(root: string, paths: Map<string, string>): Promise<CgroupUsage> {
  const at = (controller: string) => [join(root, controller), paths.get(controller) ?? '/'] as const;
  const [memory, cpu, used, limit, time, quota, period] = await Promise.all([
    fields(...at('memory'), 'memory.stat'),
    fields(...at('cpu'), 'cpu.stat'),
    number(...at('memory'), 'memory.usage_in_bytes'),
    number(...at('memory'), 'memory.limit_in_bytes'),
    number(...at('cpuacct'), 'cpuacct.usage'),
    number(...at('cpu'), 'cpu.cfs_quota_us'),
    number(...at('cpu'), 'cpu.cfs_period_us'),
  ]);
  return known({
    memoryBytes: used === undefined ? undefined : used - (memory.get('total_inactive_file') ?? 0),
    memoryLimitBytes: limit !== undefined && limit < NO_LIMIT ? limit : undefined,
    cpuSeconds: scaled(time, 1e9),
    cpuLimit: quota !== undefined && quota > 0 ? quotient(quota, period) : undefined,
    cpuPeriods: cpu.get('nr_periods'),
    throttledPeriods: cpu.get('nr_throttled'),
    throttledSeconds: scaled(cpu.get('throttled_time'), 1e9),
  });
}

async function fields(root: string, path: string, file: string): Promise<Map<string, number>> {
  const lines = await found(root, path, file);
  return new Map([...lines.matchAll(/^(\w+) (\d+)$/gm)].map(([, name = '', value]) => [name, Number(value)]));
}

async function number(root: string, path: string, file: string): Promise<number | undefined> {
  const value = Number.parseInt(await found(root, path, file), 10);
  return Number.isNaN(value) ? undefined : value;
}

const found = async (root: string, path: string, file: string) =>
  (await text(join(root, path, file))) || (await text(join(root, file)));

const text = (file: string) => readFile(file, 'utf8').catch(() => '');

function scaled(value: number | undefined, divisor: number): number | undefined {
  return value === undefined ? undefined : value / divisor;
}

function quotient(allowed: number | undefined, period: number | undefined): number | undefined {
  return allowed && period ? allowed / period : undefined;
}

function known(usage: { [Key in keyof CgroupUsage]-?: number | undefined }): CgroupUsage {
  return Object.fromEntries(Object.entries(usage).filter(([, value]) => value !== undefined));
}
