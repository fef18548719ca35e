import { type Drill, isDrill } from '../drills/drill.ts';
import { drills } from '../drills/drills.ts';

/** What a drill breaks. Two faults of one part would hide each other; the other drills break too much to be one of three. */
const partOf: Readonly<Record<string, string>> = {
  RedisDown: 'redis',
  CircuitOpen: 'redis',
  UpstreamErrors: 'unleash',
  FlagsStale: 'unleash',
  TargetDown: 'exporter',
  DrainStuck: 'app-1',
  EventLoopLagHigh: 'app-1',
  DebugLoggingLeftOn: 'app-1',
  ConfigDrift: 'app-2',
  VersionSkew: 'app-2',
  ErrorBudgetBurnFast: 'database',
  DbLatencyHigh: 'database',
  JobMissed: 'database',
};

export const faultsAtOnce = 3;

/** Three of different parts. The same seed gives the same three. */
export function drawFaults(seed: number): Drill[] {
  const random = randomOf(seed);
  const left = drills.filter(isDrill).filter(({ alert }) => alert in partOf);
  const drawn = new Map<string, Drill>();
  while (drawn.size < faultsAtOnce) {
    const drill = left[Math.floor(random() * left.length)]!;
    const part = partOf[drill.alert]!;
    if (!drawn.has(part)) drawn.set(part, drill);
  }
  return [...drawn.values()];
}

/** mulberry32 */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
