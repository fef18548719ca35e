import { type Drill, isDrill } from './drill.ts';
import { drills } from './drills.ts';

/** What is drilled every day: each breaks another part, and all together take a few minutes. */
const everyRun = new Set(['TargetDown', 'RedisDown', 'DbDown', 'DrainStuck', 'DebugLoggingLeftOn']);

export const ofEveryRun = (): Drill[] => drills.filter(isDrill).filter(({ alert }) => everyRun.has(alert));

/** Five others, so that in a fortnight all are drilled. */
export function ofTheDay(today: Date): Drill[] {
  const others = drills.filter(isDrill).filter(({ alert }) => !everyRun.has(alert));
  const day = Math.floor(today.getTime() / 86_400_000);
  return Array.from({ length: 5 }, (_, index) => others[(day * 5 + index) % others.length]!);
}
