/** Whom an alert goes to. The first row that matches decides, unless it says that the next ones are asked as well. */
export interface Route {
  readonly receiver: Receiver;
  readonly matchers: readonly string[];
  readonly goOn?: boolean;
  /** Until a group is told for the first time, of changes, and again. */
  readonly wait: string;
  readonly interval: string;
  readonly repeat: string;
}

export type Receiver = 'nobody' | 'plimsoll' | 'page' | 'ticket' | 'dead-mans-switch';

/** While `source` fires, `target` is not told of, where `equal` labels are the same. */
export interface Inhibition {
  readonly source: string;
  readonly target: string;
  readonly equal: readonly string[];
}

export const routes: readonly Route[] = [
  { receiver: 'dead-mans-switch', matchers: ['alertname="Watchdog"'], wait: '0s', interval: '1m', repeat: '1m' },
  // Of an environment that Plimsoll knows: what wakes people counts against the release that caused it.
  {
    receiver: 'plimsoll',
    matchers: ['severity="page"', 'environment=~".+"'],
    goOn: true,
    wait: '5s',
    interval: '30s',
    repeat: '4h',
  },
  { receiver: 'page', matchers: ['severity="page"'], wait: '10s', interval: '1m', repeat: '1h' },
  { receiver: 'ticket', matchers: ['severity="ticket"'], wait: '2m', interval: '5m', repeat: '1d' },
  { receiver: 'nobody', matchers: ['severity="info"'], wait: '5m', interval: '1h', repeat: '1d' },
];

/** What has none of these severities is nobody's rule of ours, and is not lost for that. */
export const otherwise: Receiver = 'ticket';

const here = ['service', 'environment'];

export const inhibitions: readonly Inhibition[] = [
  { source: 'alertname="HostDown"', target: 'alertname!="HostDown"', equal: ['host'] },
  { source: 'alertname="AppAbsent"', target: 'job="plimsoll"', equal: here },
  {
    source: 'alertname="DbDown"',
    target: 'alertname=~"NotReady|DbPoolExhausted|DbLatencyHigh|JobMissed|OutboxStuck|GateLate"',
    equal: here,
  },
  { source: 'alertname="MigrationPending"', target: 'alertname=~"NotReady|JobMissed"', equal: here },
  { source: 'alertname="CircuitOpen"', target: 'alertname="UpstreamErrors"', equal: [...here, 'peer'] },
  {
    source: 'alertname="ErrorBudgetBurnFast"',
    target: 'alertname=~"ErrorBudgetBurn(Medium|Slow|Creeping)"',
    equal: here,
  },
  { source: 'alertname="ErrorBudgetBurnMedium"', target: 'alertname=~"ErrorBudgetBurn(Slow|Creeping)"', equal: here },
  { source: 'alertname="LatencyBudgetBurn"', target: 'alertname="LatencyBudgetBurnSlow"', equal: [...here, 'kind'] },
];
