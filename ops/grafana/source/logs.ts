import type { DashboardSource } from './dashboard-source.ts';

const stream = '{service=~"$service", level=~"$level"}';
const chosen = `${stream} |= "$text" | request_id=~"\${request:regex}.*" | deployment_id=~"\${deployment:regex}.*"`;

export const logs: DashboardSource = {
  uid: 'plimsoll-logs',
  title: 'Logs',
  description: 'What every container said. A request or a deployment is found by its id, or the beginning of it.',
  source: 'loki',
  variables: [
    { name: 'service', label: 'Service', values: { label: 'service', of: '' } },
    { name: 'level', label: 'Level', values: { label: 'level', of: '' } },
    { name: 'request', label: 'Request id' },
    { name: 'deployment', label: 'Deployment id' },
    { name: 'text', label: 'Contains' },
  ],
  rows: [
    {
      title: 'How much',
      panels: [
        {
          title: 'Lines by level',
          kind: 'bars',
          unit: 'short',
          width: 12,
          queries: [{ expr: `sum by (level) (count_over_time(${chosen} [$__auto]))`, legend: '{{level}}' }],
        },
        {
          title: 'Lines by service',
          kind: 'bars',
          unit: 'short',
          width: 12,
          queries: [{ expr: `sum by (service) (count_over_time(${chosen} [$__auto]))`, legend: '{{service}}' }],
        },
        {
          title: 'Errors by instance',
          description: 'A line of this level means that a person has to act.',
          kind: 'bars',
          unit: 'short',
          width: 24,
          height: 5,
          queries: [
            {
              expr: 'sum by (instance) (count_over_time({service=~"$service", level=~"error|fatal"} [$__auto]))',
              legend: '{{instance}}',
            },
          ],
        },
      ],
    },
    {
      title: 'Lines',
      panels: [
        {
          title: 'Lines, newest first',
          kind: 'log',
          unit: 'none',
          width: 24,
          height: 20,
          queries: [{ expr: chosen, legend: '' }],
        },
      ],
    },
  ],
};
