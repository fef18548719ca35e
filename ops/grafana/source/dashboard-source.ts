/** What Grafana calls a unit, of those that we use: `ops/grafana/source/panel.ts` gives it to every axis and value. */
export type Unit = 'none' | 'short' | 's' | 'bytes' | 'Bps' | 'percentunit' | 'reqps' | 'ops' | 'cps' | 'bool_yes_no';

export interface QuerySource {
  expr: string;
  /** What the reader sees of a series, say `{{instance}}`. */
  legend: string;
}

export interface Threshold {
  from: number | null;
  color: 'red' | 'orange' | 'green';
}

export interface PanelSource {
  title: string;
  /** What is good, and what to think when it is not. */
  description?: string;
  /** Lines unless it says otherwise. Areas are stacked; a number is the newest value; a log is lines of text. */
  kind?: 'lines' | 'areas' | 'bars' | 'number' | 'log';
  unit: Unit;
  /** Of the 24 columns of a dashboard. */
  width?: number;
  height?: number;
  max?: number;
  decimals?: number;
  /** From each of these values on a number has this colour; the first has none, and holds for whatever is less. */
  thresholds?: readonly Threshold[];
  queries: readonly QuerySource[];
  /** Why it shows nothing while all is well. Without it an empty panel is a fault. */
  emptyInHealth?: string;
}

export interface RowSource {
  title: string;
  panels: readonly PanelSource[];
}

export interface VariableSource {
  name: string;
  label: string;
  /** The label whose values can be chosen, of these series; without it anything can be written. */
  values?: { label: string; of: string };
}

export interface DashboardSource {
  uid: string;
  title: string;
  description: string;
  source: 'prometheus' | 'loki';
  variables?: readonly VariableSource[];
  rows: readonly RowSource[];
}
