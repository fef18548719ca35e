/** `page` wakes somebody now, `ticket` is for the next working day, `info` is to be seen on a dashboard. */
export type Severity = 'page' | 'ticket' | 'info';

/** One alert. Durations are written as Prometheus writes them. */
export interface Alert {
  /** Also the name of its runbook. */
  readonly name: string;
  readonly severity: Severity;
  /** What it is about, for the receivers' texts and for inhibition. */
  readonly expr: string;
  readonly for: string;
  /**
   * How long it goes on once the expression holds no more. Alertmanager forgets an alert that ended before it could tell
   * anybody, and Plimsoll cannot be told of what takes Plimsoll away: such an alert outlasts a few attempts.
   */
  readonly keepFiring?: string;
  /** One line: what is wrong, and where. */
  readonly summary: string;
  /** What whoever reads it should know first, with the value. */
  readonly description: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** What a rule computes for others to use. */
export interface Recording {
  readonly record: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** Rules that are evaluated one after the other, so that later ones may rest on earlier ones. */
export interface RuleGroup {
  readonly name: string;
  readonly rules: ReadonlyArray<Alert | Recording>;
}

export const isAlert = (rule: Alert | Recording): rule is Alert => 'name' in rule;
