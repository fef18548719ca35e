import { appendFileSync, writeFileSync } from 'node:fs';

/** What a client may ask for. */
export type Act =
  | 'release'
  | 'start'
  | 'rollback'
  | 'deployed'
  | 'failed'
  | 'cancel'
  | 'decision'
  | 'read-slot'
  | 'read-verdict'
  | 'read-list';

/** `unknown`: no answer came, or one that does not say; it may have taken effect, may still, or never will. */
export type Outcome = 'acknowledged' | 'refused' | 'unknown';

/** What an answer says of the slot. What it does not speak of is left out. */
export interface Sight {
  readonly fence?: number;
  readonly active?: string | null;
  readonly phase?: string | null;
  readonly running?: string | null;
  readonly runningState?: string;
  readonly good?: string | null;
}

/** One request, or one that was repeated under the same key until it was answered. */
export interface Call {
  /** The service; the environment is one. */
  readonly slot: string;
  readonly act: Act;
  /** Names what a start or a rollback asked for, also in the ledger; of a release its digest. */
  readonly attempt?: string;
  readonly deployment?: string;
  /** In ms, by the one clock of all clients, which nobody steps. */
  readonly invokedAt: number;
  readonly returnedAt: number;
  readonly outcome: Outcome;
  readonly status: number;
  readonly sees?: Sight;
  /** Of the deployment that was asked for. */
  readonly state?: string;
  readonly verdict?: string;
  /** Ids of the deployments of the slot that a list showed as active. */
  readonly activeOnes?: readonly string[];
}

export const reads: ReadonlySet<Act> = new Set(['read-slot', 'read-verdict', 'read-list']);
export const isWrite = ({ act }: Call) => !reads.has(act);

const most = 300_000;

/** Every call of all clients, in memory and as a line of a file. */
export class Journal {
  readonly calls: Call[] = [];
  readonly file: string;

  constructor(file: string) {
    this.file = file;
    writeFileSync(file, '');
  }

  add(call: Call): void {
    if (this.calls.length >= most) throw new Error(`the journal is full: ${most} calls`);
    this.calls.push(call);
    appendFileSync(this.file, `${JSON.stringify(call)}\n`);
  }

  count(wanted: (call: Call) => boolean): number {
    return this.calls.filter(wanted).length;
  }

  counts(): string {
    const writes = this.count((call) => isWrite(call) && call.outcome === 'acknowledged');
    const unknown = this.count((call) => isWrite(call) && call.outcome === 'unknown');
    const answered = this.count((call) => !isWrite(call) && call.outcome === 'acknowledged');
    return `${format(writes)} acknowledged writes, ${format(unknown)} of unknown outcome, ${format(answered)} reads`;
  }
}

const format = (count: number) => count.toLocaleString('en');
