export interface AnnotationSource {
  name: string;
  color: string;
  /** With the labels of the series. */
  title: string;
  /** Whether its values are times, in milliseconds; else there is a mark wherever it has a value. */
  isTime: boolean;
  expr: string;
}

const ended = 'deployments_total{job="plimsoll", state=~"promoted|rejected|failed"}';
const each = 'sum by (service, environment, kind, state)';

/** Marked in every graph of Prometheus. */
export const annotations: readonly AnnotationSource[] = [
  {
    name: 'Deployments',
    color: 'blue',
    title: '{{service}} {{environment}}: {{kind}} {{state}}',
    isTime: false,
    // increase() sees no first one of a series, and guesses; this is the count less what it was.
    expr: `${each} (${ended}) - (${each} (last_over_time(${ended}[10m] offset $__interval)) or 0 * ${each} (${ended})) > 0`,
  },
  {
    name: 'Starts of Plimsoll',
    color: 'purple',
    title: '{{instance}} started',
    isTime: true,
    expr: 'process_start_time_seconds{job="plimsoll"} * 1000',
  },
];
