/** Loaded into the server with --import: writes the event-loop delay since the last time into a file, on SIGUSR2. */
import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const delay = monitorEventLoopDelay({ resolution: 10 });
delay.enable();
process.on('SIGUSR2', () => {
  const [p50, p99, max] = [delay.percentile(50), delay.percentile(99), delay.max].map((ns) => ns / 1e6);
  writeFileSync(process.env['LOOP_DELAY_FILE'] ?? '/dev/null', JSON.stringify({ p50, p99, max }));
  delay.reset();
});
