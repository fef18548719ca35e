import { annotations } from '../source/annotations.ts';
import { dashboards } from '../source/dashboards.ts';
import type { DashboardSource, PanelSource, QuerySource } from '../source/dashboard-source.ts';

export interface ShownPanel {
  dashboard: DashboardSource;
  panel: PanelSource;
}

/** Every panel, and what is marked in all of them. */
export const panels: readonly ShownPanel[] = [
  ...Object.values<DashboardSource>(dashboards).flatMap((dashboard) =>
    dashboard.rows.flatMap((row) => row.panels.map((panel) => ({ dashboard, panel }))),
  ),
  ...annotations.map(({ name, title, expr }) => ({
    dashboard: dashboards['gates-and-deployments'],
    panel: { title: `Marks: ${name}`, unit: 'none' as const, queries: [{ expr, legend: title }] },
  })),
];

const LOOK_BACK_SECONDS = 300;
const STEP_SECONDS = 15;

/** Grafana's own variables as they are for the last five minutes; of the others everything is chosen. */
const variables: Record<string, string> = {
  __rate_interval: '1m',
  __interval: `${STEP_SECONDS}s`,
  __auto: '1m',
  __range: `${LOOK_BACK_SECONDS}s`,
};
const chosenInPlain = '.+';

export const filledIn = (expr: string) =>
  // Not `$1`: that is of label_replace.
  expr.replaceAll(/\$(?:\{([a-z_]\w*)(?::\w+)?\}|([a-z_]\w*))/gi, (_, braced: string, bare: string) => {
    return variables[braced ?? bare] ?? chosenInPlain;
  });

/** Where Prometheus answers what Grafana would show of the last five minutes. */
export function rangePath({ expr }: QuerySource, now: number): string {
  const range = { start: String(now - LOOK_BACK_SECONDS), end: String(now), step: String(STEP_SECONDS) };
  return `/api/v1/query_range?${new URLSearchParams({ query: filledIn(expr), ...range })}`;
}
