import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import {
  BigValueColorMode,
  BigValueGraphMode,
  GraphDrawStyle,
  LegendDisplayMode,
  LegendPlacement,
  LogsDedupStrategy,
  LogsSortOrder,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { type Panel, ThresholdsConfigBuilder, ThresholdsMode } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as LogsBuilder } from '@grafana/grafana-foundation-sdk/logs';
import { DataqueryBuilder as LokiQueryBuilder } from '@grafana/grafana-foundation-sdk/loki';
import { DataqueryBuilder as PrometheusQueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import type { DashboardSource, PanelSource, QuerySource, Threshold } from './dashboard-source.ts';

type Source = DashboardSource['source'];

/** The panel of Grafana that shows this one. */
export function panel(source: Source, id: number, shown: PanelSource): Builder<Panel> {
  const { kind = 'lines', title, description, width = 8, height = kind === 'number' ? 4 : 8 } = shown;
  const builder = kind === 'log' ? log() : kind === 'number' ? number(shown) : graph(shown);
  if (description !== undefined) builder.description(description);
  return builder
    .id(id)
    .title(title)
    .span(width)
    .height(height)
    .datasource({ type: source, uid: source })
    .targets(shown.queries.map((query, index) => target(source, kind, query, index)));
}

function graph({ kind = 'lines', unit, max, decimals }: PanelSource): TimeseriesBuilder {
  const builder = new TimeseriesBuilder()
    .unit(unit)
    .min(0)
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.Table)
        .placement(LegendPlacement.Bottom)
        .calcs(['lastNotNull', 'max']),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending))
    .showPoints(VisibilityMode.Never)
    .fillOpacity(8);
  if (max !== undefined) builder.max(max);
  if (decimals !== undefined) builder.decimals(decimals);
  if (kind === 'bars') builder.drawStyle(GraphDrawStyle.Bars).lineWidth(0).fillOpacity(80);
  if (kind === 'areas') builder.fillOpacity(50);
  if (kind !== 'lines') builder.stacking(new StackingConfigBuilder().mode(StackingMode.Normal));
  return builder;
}

function number({ unit, max, decimals, thresholds: steps = [always] }: PanelSource): StatBuilder {
  const builder = new StatBuilder()
    .unit(unit)
    .noValue('–')
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .graphMode(BigValueGraphMode.Area)
    .colorMode(steps.length > 1 ? BigValueColorMode.Background : BigValueColorMode.Value)
    .thresholds(new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps.map(stepOf)));
  if (max !== undefined) builder.max(max);
  if (decimals !== undefined) builder.decimals(decimals);
  return builder;
}

const always: Threshold = { from: null, color: 'green' };
const stepOf = ({ from, color }: Threshold) => ({ value: from, color });

function log(): LogsBuilder {
  return new LogsBuilder()
    .showTime(true)
    .showLabels(true)
    .wrapLogMessage(true)
    .enableLogDetails(true)
    .dedupStrategy(LogsDedupStrategy.None)
    .sortOrder(LogsSortOrder.Descending);
}

function target(source: Source, kind: string, { expr, legend }: QuerySource, index: number): Builder<Dataquery> {
  const refId = String.fromCodePoint('A'.codePointAt(0)! + index);
  if (source === 'prometheus') return new PrometheusQueryBuilder().refId(refId).expr(expr).legendFormat(legend).range();
  const query = new LokiQueryBuilder().refId(refId).expr(expr).queryType('range');
  return kind === 'log' ? query : query.legendFormat(legend);
}
