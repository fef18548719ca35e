import type { Unit } from '../source/dashboard-source.ts';
import type { ShownPanel } from './queries.ts';
import { withUnit } from './with-unit.ts';

interface Series {
  metric: Record<string, string>;
  values: readonly (readonly [number, string])[];
}

export interface QueryAnswer {
  status: string;
  error?: string;
  data?: { result: Series[] };
}

export interface PanelReport {
  lines: string[];
  faults: string[];
}

/** More lines in one graph than anybody tells apart. */
const MOST_SERIES = 25;

/** What a reader of the panel would see, and what would vex him. `answers` are those to its queries. */
export function panelReport({ dashboard, panel }: ShownPanel, answers: readonly QueryAnswer[]): PanelReport {
  const name = `${dashboard.title} / ${panel.title}`;
  const shown = answers.flatMap(({ data }, index) =>
    (data?.result ?? []).map((series) => seriesOf(series, panel.queries[index]?.legend ?? '')),
  );
  const errors = answers.flatMap(({ error }) => (error === undefined ? [] : [error]));
  const seen = shown.filter(({ values }) => values.length > 0);
  const faults = [
    ...errors,
    ...(errors.length === 0 && seen.length === 0 && panel.emptyInHealth === undefined ? ['shows nothing'] : []),
    ...(seen.length > MOST_SERIES ? [`shows ${seen.length} series; ${MOST_SERIES} can be read`] : []),
    ...illegible(seen.map(({ legend }) => legend)),
  ];
  const empty = seen.length === 0 ? [`    – ${panel.emptyInHealth ?? 'nothing'}`] : [];
  const lines = [`  ${panel.title} [${panel.unit}]`, ...seen.map((series) => lineOf(series, panel.unit)), ...empty];
  return { lines, faults: faults.map((fault) => `${name}: ${fault}`) };
}

function seriesOf({ metric, values }: Series, legend: string) {
  const numbers = values.map(([, value]) => Number(value)).filter((value) => !Number.isNaN(value));
  return { legend: legend.replaceAll(/\{\{(\w+)\}\}/g, (_, label: string) => metric[label] ?? ''), values: numbers };
}

function illegible(legends: readonly string[]): string[] {
  const twice = legends.filter((legend, index) => legends.indexOf(legend) !== index);
  return [
    ...(legends.some((legend) => legend.trim() === '') ? ['has a legend that is empty'] : []),
    ...new Set(twice.map((legend) => `has several series with the legend "${legend}"`)),
  ];
}

function lineOf({ legend, values }: { legend: string; values: readonly number[] }, unit: Unit): string {
  const [newest, least, most] = [values.at(-1)!, Math.min(...values), Math.max(...values)];
  const range = least === most ? 'flat' : `${withUnit(least, unit)} to ${withUnit(most, unit)}`;
  return `    ${legend.padEnd(36)} ${withUnit(newest, unit).padStart(12)}   ${range}`;
}
