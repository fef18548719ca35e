/** How one alert is drilled. Commands are bash, run in the clone, with the stack's project in the environment. */
export interface Drill {
  readonly alert: string;
  /** What is broken, for readers of the report. */
  readonly fault: string;
  /** Breaks it. */
  readonly inject: string;
  /** Goes on in the background from before the fault until the alert has resolved: traffic, without which nothing shows. */
  readonly during?: string;
  /** By which `for` and windows of the rules are divided; 60 unless what is broken shows more slowly than that. */
  readonly factor?: number;
  /** What the drill itself puts back once the alert has resolved: a measure of the runbook that is not to stay. */
  readonly after?: string;
  /** Of the alert that is waited for, where more than one may fire. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** An alert that no drill can raise. The commands of its runbook are run all the same, on a stack that is well. */
export interface Undrilled {
  readonly alert: string;
  /** A sentence. */
  readonly because: string;
}

export const defaultFactor = 60;

export const isDrill = (row: Drill | Undrilled): row is Drill => 'inject' in row;
