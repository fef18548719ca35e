const units = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
const duration = /(?<!\w)\d+(?:\.\d+)?(?:ms|[smhdw])(?!\w)/g;

/** What durations may not fall below, in seconds. */
export interface Least {
  readonly range: number;
  readonly for: number;
}

/** A rate wants two samples in its range, and one scrape may be late; an alert is to rest on two scrapes. */
export const leastFor = (scrapeSeconds: number): Least => ({ range: 3 * scrapeSeconds, for: 2 * scrapeSeconds });

export function secondsOf(text: string): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)(ms|[smhdw])$/.exec(text) ?? [];
  if (unit === '') throw new Error(`"${text}" is no duration; write one like 5m or 26h`);
  return Number(number) * units[unit as keyof typeof units];
}

/** For drills: `text` with its durations divided by the factor, none below `least` unless it was so before. */
export function shorten(text: string, factor: number, least: number): string {
  if (factor === 1) return text;
  return text.replaceAll(duration, (found) => {
    const seconds = secondsOf(found);
    return `${Math.round(1000 * Math.max(seconds / factor, Math.min(seconds, least)))}ms`;
  });
}
