import { writeSync } from 'node:fs';
import { Session } from 'node:inspector';
import { workerData } from 'node:worker_threads';
import { EXIT_STALLED, type StallWatchData, slots } from './stall-watch-data.js';

// Counts the time for which the loop of the main thread has not beaten, by its own ticks: while the machine is suspended
// it does not tick either.

const { shared, deadlineMs } = workerData as StallWatchData;
const places = new Int32Array(shared);
const tickMs = Math.max(100, Math.min(1000, deadlineMs / 10));
let beatsSeen = -1;
let stalledMs = 0;
let tickedAt = performance.now();

setInterval(() => {
  const now = performance.now();
  // A tick that came late was held up with everything else.
  stalledMs += Math.min(now - tickedAt, 2 * tickMs);
  tickedAt = now;
  const beats = Atomics.load(places, slots.beats);
  if (beats !== beatsSeen || Atomics.load(places, slots.isBlind) > 0) stalledMs = 0;
  beatsSeen = beats;
  if (stalledMs >= deadlineMs) judge(Math.round(stalledMs));
}, tickMs);

/** V8 does what an inspector says between two steps of whatever runs. A debugger may have stopped the loop. */
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
  // What is stuck in the system hears nobody.
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), 5 * tickMs);
}
