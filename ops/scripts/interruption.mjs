/** Ctrl-C reaches this process from the terminal and, a moment later, once more from npm. */
const sameWithinMs = 500;

/**
 * Turns signals into an abort, so that every step ends what it started before this process does.
 * @returns {{ signal: AbortSignal, onAgain: (listener: () => void) => void }} `onAgain`: somebody insists
 */
export function listenForInterruption() {
  const controller = new AbortController();
  /** @type {(() => void)[]} */
  const listeners = [];
  let firstAt = 0;
  const interrupt = () => {
    if (!controller.signal.aborted) {
      firstAt = Date.now();
      controller.abort();
    } else if (Date.now() - firstAt > sameWithinMs) {
      for (const listener of listeners) listener();
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, interrupt);
  return { signal: controller.signal, onAgain: (listener) => listeners.push(listener) };
}
