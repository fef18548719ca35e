/** What is kept of one alert's labels. Those that attribute it, and its name, are always among them. */
const MOST_LABELS = 64;
const LONGEST_LABEL_NAME = 200;
const LONGEST_LABEL_VALUE = 1000;
const LONGEST_TITLE = 200;

const KEPT_FIRST = ['alertname', 'service', 'environment', 'deployment', 'digest', 'severity'];

export type Labels = Readonly<Record<string, string>>;

/** What PostgreSQL cannot store is replaced, not refused: one odd label must not cost all the other alerts. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\u{FFFD}');
}

/** The labels, cut to what is kept of them. */
export function boundedLabels(labels: Labels): Record<string, string> {
  const first = KEPT_FIRST.filter((name) => Object.hasOwn(labels, name));
  const others = Object.keys(labels).filter((name) => !KEPT_FIRST.includes(name));
  const kept = [...first, ...others].slice(0, MOST_LABELS);
  return Object.fromEntries(
    kept.map((name) => [
      storable(cut(name, LONGEST_LABEL_NAME)),
      storable(cut(labels[name] ?? '', LONGEST_LABEL_VALUE)),
    ]),
  );
}

/** What people call the alert: its summary, or else its name. */
export function titleOf(labels: Labels, annotations: Labels, fingerprint: string): string {
  const candidates = [annotations['summary'], labels['alertname'], fingerprint];
  const title = candidates.find((text) => text !== undefined && text.trim() !== '') ?? fingerprint;
  return storable(cut(title.trim(), LONGEST_TITLE));
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
