import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { wasSignalLost } from './lost-signal.js';

/** Tells of SIGTERM and SIGINT by their names. While nobody listens there is nothing to drain: the process ends at once. */
export const signals = new EventEmitter<{ signal: [name: string] }>();

// Asked before the listeners are there: they would hide the answer.
const isLost = process.platform === 'linux' && process.pid === 1 && wasSignalLost(statusOfProcess());

// Node dies of signals that nobody owns. The listeners stay for ever: a signal that has arrived and is not delivered
// yet is lost when its listener is taken away.
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (!signals.emit('signal', signal)) process.exit(0);
  });
}
process.on('SIGHUP', () => undefined);
if (isLost) process.exit(0);

function statusOfProcess(): string {
  try {
    return readFileSync('/proc/self/status', 'utf8');
  } catch {
    return '';
  }
}
