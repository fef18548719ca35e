import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { wasSignalLost } from './lost-signal.js';

/** Emits SIGTERM and SIGINT by name. Without a listener there is nothing to drain: the process ends immediately. */
export const signals = new EventEmitter<{ signal: [name: string] }>();

// Read before our handlers are installed, because they would hide the lost signal.
const isLost = process.platform === 'linux' && process.pid === 1 && wasSignalLost(statusOfProcess());

// Without a handler a signal kills Node. Our handlers are never removed, because a signal that has arrived but is not
// delivered would be lost with its handler.
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
