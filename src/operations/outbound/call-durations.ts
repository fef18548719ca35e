export type StatusClass = '1xx' | '2xx' | '3xx' | '4xx' | '5xx' | 'error' | 'timeout';

const classes: readonly StatusClass[] = ['1xx', '2xx', '3xx', '4xx', '5xx'];

export function statusClassOf(status: number): StatusClass {
  return classes[Math.floor(status / 100) - 1] ?? 'error';
}

export const callDurations = {
  name: 'http_client_request_duration_seconds',
  help: 'Duration of calls to others; error and timeout where there was no answer.',
  labelNames: ['peer', 'status_class'],
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
};
