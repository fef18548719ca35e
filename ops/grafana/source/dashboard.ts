import {
  AnnotationQueryBuilder,
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  QueryVariableBuilder,
  RowBuilder,
  TextBoxVariableBuilder,
  VariableRefresh,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { annotations, type AnnotationSource } from './annotations.ts';
import type { DashboardSource, VariableSource } from './dashboard-source.ts';
import { panel } from './panel.ts';

/** Kept apart from panels, so that a panel that is added does not renumber rows. */
const FIRST_ROW_ID = 1000;

/** The dashboard as Grafana is given it. */
export function dashboard({ uid, title, description, source, variables = [], rows }: DashboardSource): Dashboard {
  const builder = new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags(['plimsoll'])
    .readonly()
    .timezone('utc')
    .refresh('30s')
    .time({ from: 'now-1h', to: 'now' })
    // Looking at one graph marks the same moment in all others.
    .tooltip(DashboardCursorSync.Crosshair)
    .link(toTheOthers())
    .annotations(source === 'prometheus' ? annotations.map(annotation) : [])
    .variables(variables.map((each) => variable(source, each)));
  let id = 0;
  for (const [index, row] of rows.entries()) {
    builder.withRow(new RowBuilder(row.title).id(FIRST_ROW_ID + index));
    for (const shown of row.panels) builder.withPanel(panel(source, (id += 1), shown));
  }
  return builder.build();
}

const toTheOthers = () =>
  new DashboardLinkBuilder('Dashboards')
    .type(DashboardLinkType.Dashboards)
    .tags(['plimsoll'])
    .asDropdown(true)
    .keepTime(true);

function annotation({ name, color, title, expr, isTime }: AnnotationSource): AnnotationQueryBuilder {
  const source = { type: 'prometheus', uid: 'prometheus' };
  return new AnnotationQueryBuilder()
    .name(name)
    .datasource(source)
    .enable(true)
    .iconColor(color)
    .target(new DataqueryBuilder().refId('Annotation').datasource(source).expr(expr).range())
    .titleFormat(title)
    .useValueForTime(isTime);
}

function variable(source: DashboardSource['source'], { name, label, values }: VariableSource) {
  if (!values) return new TextBoxVariableBuilder(name).label(label).defaultValue('').current({ text: '', value: '' });
  const query =
    source === 'loki'
      ? { type: 1, label: values.label, stream: values.of }
      : { query: `label_values(${values.of}, ${values.label})`, refId: name };
  return new QueryVariableBuilder(name)
    .label(label)
    .datasource({ type: source, uid: source })
    .query(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .multi(true)
    .includeAll(true)
    .allValue('.+')
    .current({ text: ['All'], value: ['$__all'] });
}
