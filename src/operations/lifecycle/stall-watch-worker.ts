import { writeSync } from 'node:fs';
import { Session } from 'node:inspector';
import { workerData } from 'node:worker_threads';
import { EXIT_STALLED, type StallWatchData, slots } from './stall-watch-data.js';

// Counts in its own ticks how long the loop of the main thread has not beaten. While the machine is suspended, this
// thread does not tick either.

const { shared, deadlineMs } = workerData as StallWatchData;
const places = new Int32Array(shared);
const tickMs = Math.max(100, Math.min(1000, deadlineMs / 10));
let beatsSeen = -1;
let stalledMs = 0;
let tickedAt = performance.now();

setInterval(() => {
  const now = performance.now();
  // A late tick was delayed like everything else.
  stalledMs += Math.min(now - tickedAt, 2 * tickMs);
  tickedAt = now;
  const beats = Atomics.load(places, slots.beats);
  if (beats !== beatsSeen || Atomics.load(places, slots.isBlind) > 0) stalledMs = 0;
  beatsSeen = beats;
  if (stalledMs >= deadlineMs) judge(Math.round(stalledMs));
}, tickMs);

/** V8 handles a message of an inspector between two steps of any running code. A debugger may have stopped the loop. */
function judge(ms: number): void {
  stalledMs = 0;
  const main = new Session();
  main.connectToMainThread();
  const expression = "process.getBuiltinModule('node:inspector').url() ?? 'no debugger'";
  const unanswered = setTimeout(() => end(main, ms), 2 * tickMs);
  main.post('Runtime.evaluate', { expression }, (_error, { result }) => {
    clearTimeout(unanswered);
    if (result.value === 'no debugger') end(main, ms);
    else main.disconnect();
  });
}

function end(main: Session, ms: number): void {
  const msg = 'the event loop stands still: the process ends';
  const line = { level: 'fatal', time: new Date().toISOString(), context: 'StallWatch', stalledMs: ms, msg };
  writeSync(1, `${JSON.stringify(line)}\n`);
  main.post('Runtime.evaluate', { expression: `process.reallyExit(${EXIT_STALLED})` });
  // A thread that is stuck in a system call receives no message, so kill the process.
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), 5 * tickMs);
}
