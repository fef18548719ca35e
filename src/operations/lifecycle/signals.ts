import { readFileSync } from 'node:fs';
import { wasSignalLost } from './lost-signal.js';

/** What happens on SIGTERM and SIGINT. Until there is something to drain the process ends at once. */
export const signals = { onSignal: (_signal: string): void => process.exit(0) };

// Asked before the listeners are there: they would hide the answer.
const isLost = process.platform === 'linux' && process.pid === 1 && wasSignalLost(statusOfProcess());

// Node dies of signals that nobody owns. The listeners stay for ever: a signal that has arrived and is not delivered
// yet is lost when its listener is taken away.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => signals.onSignal(signal));
process.on('SIGHUP', () => undefined);
if (isLost) process.exit(0);

function statusOfProcess(): string {
  try {
    return readFileSync('/proc/self/status', 'utf8');
  } catch {
    return '';
  }
}
