const SIGINT = 2;
const SIGTERM = 15;

/**
 * Whether SIGTERM or SIGINT has come while Node booted, as `/proc/self/status` tells before anybody listens for them.
 * Node's own handlers of that time are good for one signal each, which they pass on to the kernel: it ends the process,
 * but not PID 1 of a container, which would start as if nothing had been said and be killed when the grace is over.
 */
export function wasSignalLost(status: string): boolean {
  const caught = BigInt(`0x${/^SigCgt:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? '0'}`);
  const isHandled = (signal: number) => ((caught >> BigInt(signal - 1)) & 1n) === 1n;
  // Neither of the two: a Node that handles them in another way, and tells nothing.
  return isHandled(SIGTERM) !== isHandled(SIGINT);
}
