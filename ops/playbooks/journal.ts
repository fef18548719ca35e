/** What the clients were told while a page was executed. */
export interface Told {
  readonly sent: number;
  readonly failed: number;
  /** In seconds: the longest time without a request that was answered well. */
  readonly silent: number;
  /** The first few, each once. */
  readonly faults: readonly string[];
  readonly written: readonly string[];
}

/** Of what was answered since `from`; what was written before counts as well. */
export function parseJournal(text: string, from = 0): Told {
  const all = text.split('\n').flatMap((line) => {
    const [outcome, at, slug] = line.split(' ');
    return outcome && at && slug ? [{ outcome, at: Number(at), slug }] : [];
  });
  const rows = all.filter(({ at }) => at >= from);
  const well = rows.filter(({ outcome }) => outcome === 'ok');
  const pauses = well.map(({ at }, index) => (index === 0 ? 0 : at - well[index - 1]!.at));
  const bad = rows.filter(({ outcome }) => outcome !== 'ok');
  return {
    sent: rows.length,
    failed: bad.length,
    silent: Math.round(Math.max(0, ...pauses) / 100) / 10,
    faults: [...new Set(bad.map(({ outcome }) => outcome))].slice(0, 5),
    written: all.flatMap(({ slug }) => (slug === '-' ? [] : [slug])),
  };
}
