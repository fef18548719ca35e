const SIGINT = 2;
const SIGTERM = 15;

/**
 * Whether SIGTERM or SIGINT arrived while Node booted, from `/proc/self/status`, read before our handlers exist. During
 * boot Node's own handlers catch each signal once and pass it on to the kernel, which ends the process. But PID 1 of a
 * container survives: it would start normally, and be killed at the end of the grace period.
 */
export function wasSignalLost(status: string): boolean {
  const caught = BigInt(`0x${/^SigCgt:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? '0'}`);
  const isHandled = (signal: number) => ((caught >> BigInt(signal - 1)) & 1n) === 1n;
  // Both or neither: no signal came, or this Node handles signals in another way.
  return isHandled(SIGTERM) !== isHandled(SIGINT);
}
