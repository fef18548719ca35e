import { totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';

const MIB = 1024 * 1024;
/** Of the memory of a container, as the image sets it: the rest is for buffers, code and stacks. */
const HEAP_SHARE = 0.75;

/** What this process may use: the limit of its container, or what its heap was limited for, or the machine's memory. */
export function memoryLimitBytes(): number {
  // 0, or more than there is, where nothing limits the container.
  const constrained = process.constrainedMemory() || Infinity;
  return Math.min(constrained, totalmem(), getHeapStatistics().heap_size_limit / HEAP_SHARE);
}

/** Connections that the main port has at once if no setting says it: 1024 with 512 MiB, each of some 30 KB at worst. */
export function defaultMaxConnections(): number {
  return Math.min(10_000, Math.max(64, Math.floor((memoryLimitBytes() / MIB) * 2)));
}

/** Probes, a scrape and some operators need few: 256 with 512 MiB. */
export function defaultOpsMaxConnections(): number {
  return Math.min(1000, Math.max(32, Math.floor(memoryLimitBytes() / MIB / 2)));
}

/** What bodies and answers of the main port may take at once: 64 MiB with 512. */
export function maxBytesInFlight(): number {
  return Math.max(16 * MIB, Math.floor(memoryLimitBytes() / 8));
}
