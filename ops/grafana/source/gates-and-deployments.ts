import type { DashboardSource, PanelSource } from './dashboard-source.ts';
import { perSecond, quantile } from './promql.ts';

const app = 'job="plimsoll"';

const deployments: readonly PanelSource[] = [
  {
    title: 'Deployments by state they came into',
    description: 'In the time that is shown.',
    kind: 'number',
    unit: 'none',
    width: 24,
    decimals: 0,
    queries: [{ expr: `sum by (state) (increase(deployments_total{${app}}[$__range]))`, legend: '{{state}}' }],
  },
  {
    title: 'Promoted',
    kind: 'bars',
    unit: 'none',
    width: 12,
    decimals: 0,
    queries: [
      {
        expr: `sum by (service, environment) (increase(deployments_total{${app}, state="promoted"}[$__rate_interval]))`,
        legend: '{{service}} {{environment}}',
      },
    ],
  },
  {
    title: 'Ended otherwise',
    emptyInHealth: 'Every deployment was promoted.',
    kind: 'bars',
    unit: 'none',
    width: 12,
    decimals: 0,
    queries: [
      {
        expr: `sum by (service, environment, state) (increase(deployments_total{${app}, state=~"rejected|failed|cancelled|superseded"}[$__rate_interval]))`,
        legend: '{{service}} {{environment}} {{state}}',
      },
    ],
  },
  {
    title: 'Slots that drift',
    description: 'A host runs another release than the running one of its slot.',
    unit: 'none',
    queries: [{ expr: `max(deployment_slots_drifting{${app}})`, legend: 'drifting' }],
  },
  {
    title: 'Open incidents',
    unit: 'none',
    queries: [{ expr: `max(incidents_open{${app}})`, legend: 'open' }],
  },
  {
    title: 'Hosts asked which release they run',
    unit: 'cps',
    emptyInHealth: 'No gate has its hosts asked.',
    queries: [{ expr: perSecond(`host_identity_probes_total{${app}}`, 'outcome'), legend: '{{outcome}}' }],
  },
];

const gates: readonly PanelSource[] = [
  {
    title: 'Verdicts',
    kind: 'bars',
    unit: 'cps',
    queries: [
      { expr: perSecond(`gate_verdicts_total{${app}}`, 'environment, verdict'), legend: '{{environment}} {{verdict}}' },
    ],
  },
  {
    title: 'Verdicts of shadow gates',
    kind: 'bars',
    unit: 'cps',
    emptyInHealth: 'No shadow gate has judged.',
    queries: [
      {
        expr: perSecond(`gate_shadow_verdicts_total{${app}}`, 'environment, verdict'),
        legend: '{{environment}} {{verdict}}',
      },
    ],
  },
  {
    title: 'Runs put on hold',
    description: 'Plimsoll could not watch: a person has to decide.',
    unit: 'cps',
    emptyInHealth: 'Plimsoll could watch every run.',
    queries: [{ expr: perSecond(`gate_runs_put_aside_total{${app}}`, 'cause'), legend: '{{cause}}' }],
  },
  {
    title: 'Measurements',
    kind: 'areas',
    unit: 'cps',
    queries: [{ expr: perSecond(`gate_measurements_total{${app}}`, 'type, outcome'), legend: '{{type}} {{outcome}}' }],
  },
  {
    title: 'Lateness of measurements',
    description: 'From when one was due to its begin.',
    unit: 's',
    queries: [0.5, 0.99].map((of) => ({
      expr: quantile(of, 'gate_measurement_lateness_seconds', app),
      legend: `p${of * 100}`,
    })),
  },
  {
    title: 'Delay of verdicts',
    description: 'From when the last thing that it rests on was due.',
    unit: 's',
    queries: [0.5, 0.99].map((of) => ({
      expr: quantile(of, 'gate_verdict_delay_seconds', app),
      legend: `p${of * 100}`,
    })),
  },
];

// Their label `job` is that of Prometheus, which keeps theirs as `exported_job`.
const jobs: readonly PanelSource[] = [
  {
    title: 'Runs of jobs',
    unit: 'cps',
    queries: [
      { expr: perSecond(`job_runs_total{${app}}`, 'exported_job, outcome'), legend: '{{exported_job}} {{outcome}}' },
    ],
  },
  {
    title: 'Duration of a run, p99',
    unit: 's',
    queries: [{ expr: quantile(0.99, 'job_duration_seconds', app, 'exported_job'), legend: '{{exported_job}}' }],
  },
  {
    title: 'Since the last success',
    unit: 's',
    queries: [
      {
        expr: `time() - max by (exported_job) (job_last_success_timestamp_seconds{${app}} > 0)`,
        legend: '{{exported_job}}',
      },
    ],
  },
];

export const gatesAndDeployments: DashboardSource = {
  uid: 'plimsoll-deployments',
  title: 'Gates and deployments',
  description: 'What Plimsoll is for: what was deployed, what gates said, and whether they measured in time.',
  source: 'prometheus',
  rows: [
    { title: 'Deployments', panels: deployments },
    { title: 'Gates', panels: gates },
    { title: 'Jobs', panels: jobs },
  ],
};
