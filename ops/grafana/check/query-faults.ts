import { parser } from '@grafana/lezer-logql';
import { filledIn } from './queries.ts';

interface Shown {
  panels?: {
    title?: string;
    targets?: { expr: string; datasource?: { type?: string } }[];
    datasource?: { type?: string };
  }[];
}

/** The queries of Loki in these dashboards, JSON by path, that are no LogQL. Those of Prometheus are asked of the real one. */
export function queryFaults(dashboards: ReadonlyMap<string, string>): string[] {
  return [...dashboards].flatMap(([path, json]) =>
    ((JSON.parse(json) as Shown).panels ?? []).flatMap(({ title, targets = [], datasource }) =>
      targets
        .filter((target) => (target.datasource ?? datasource)?.type === 'loki')
        .flatMap(({ expr }) => errorsIn(filledIn(expr)).map((fault) => `${path} "${title}": ${fault}`)),
    ),
  );
}

function errorsIn(query: string): string[] {
  const found: string[] = [];
  parser.parse(query).iterate({
    enter({ type, from }) {
      if (type.isError)
        found.push(`no LogQL from character ${from} on: ${query.slice(from, from + 40) || 'it ends too soon'}`);
    },
  });
  return found;
}
