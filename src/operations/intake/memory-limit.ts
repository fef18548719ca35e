import { totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';

const MIB = 1024 * 1024;
/** The share of the container's memory that the image gives to the heap. The rest is for buffers, code and stacks. */
const HEAP_SHARE = 0.75;

/**
 * The memory that this process may use: the limit of its container, or its heap limit, or the memory of the machine.
 */
export function memoryLimitBytes(): number {
  // 0, or more than the machine has, if the container has no limit.
  const constrained = process.constrainedMemory() || Infinity;
  return Math.min(constrained, totalmem(), getHeapStatistics().heap_size_limit / HEAP_SHARE);
}

/** The default limit of connections on the main port: 1024 with 512 MiB, each with about 30 KB at worst. */
export function defaultMaxConnections(): number {
  return Math.min(10_000, Math.max(64, Math.floor((memoryLimitBytes() / MIB) * 2)));
}

/** Few are needed, for probes, a scrape and some operators: 256 with 512 MiB. */
export function defaultOpsMaxConnections(): number {
  return Math.min(1000, Math.max(32, Math.floor(memoryLimitBytes() / MIB / 2)));
}

/** The limit for bodies and answers of the main port together: 64 MiB with 512. */
export function maxBytesInFlight(): number {
  return Math.max(16 * MIB, Math.floor(memoryLimitBytes() / 8));
}
