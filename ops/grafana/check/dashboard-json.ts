import type {
  AnnotationQuery,
  Dashboard,
  FieldConfig,
  FieldConfigSource,
  Panel,
  RowPanel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Options as LogsOptions } from '@grafana/grafana-foundation-sdk/logs';
import type { dataquery as LokiQuery } from '@grafana/grafana-foundation-sdk/loki';
import type { Dataquery as PrometheusQuery } from '@grafana/grafana-foundation-sdk/prometheus';
import type { Options as StatOptions } from '@grafana/grafana-foundation-sdk/stat';
import type { FieldConfig as GraphFields, Options as GraphOptions } from '@grafana/grafana-foundation-sdk/timeseries';

/** What a value of the SDK is as JSON: enumerations are their values, methods are gone. */
type Json<T> = T extends string
  ? `${T}`
  : T extends number
    ? `${T}` extends `${infer N extends number}`
      ? N
      : T
    : T extends readonly (infer Item)[]
      ? Json<Item>[]
      : T extends object
        ? { [Key in keyof T as T[Key] extends () => void ? never : Key]: Json<T[Key]> }
        : T;

type Query = Json<PrometheusQuery> | Json<LokiQuery>;

/** The SDK leaves open what depends on the type of a panel. */
type PanelOf<Type extends string, Options, Custom> = Omit<
  Json<Panel>,
  'type' | 'options' | 'fieldConfig' | 'targets'
> & {
  type: Type;
  options?: Partial<Json<Options>>;
  fieldConfig?: Omit<Json<FieldConfigSource>, 'defaults'> & {
    defaults: Omit<Json<FieldConfig>, 'custom'> & { custom?: Partial<Json<Custom>> };
  };
  targets: Query[];
};

type AnyPanel =
  | PanelOf<'timeseries', GraphOptions, GraphFields>
  | PanelOf<'stat', StatOptions, never>
  | PanelOf<'logs', LogsOptions, never>
  | Json<RowPanel>;

type Annotation = Omit<Json<AnnotationQuery>, 'target'> & { target?: Query };

/** A dashboard as Grafana reads it from a file, for the compiler to hold a file against. */
export type DashboardJson = Omit<Json<Dashboard>, 'panels' | 'annotations'> & {
  panels: AnyPanel[];
  annotations: { list?: Annotation[] };
};
