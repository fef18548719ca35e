import type { MeasurementOutcome } from '../gate-run.model.js';
import type { OnNoData } from '../plan/gate-specification.model.js';
import { Rows } from './rows.model.js';

/** Outcomes that neither continue nor end a row of failures, because they are no evidence about the service. */
const SAYS_NOTHING_OF_SERVICE: ReadonlySet<MeasurementOutcome> = new Set(['error', 'no_data', 'missed']);
/** Outcomes that neither continue nor end a row of errors, because the witness was not asked. */
const SAYS_NOTHING_OF_WITNESS: ReadonlySet<MeasurementOutcome> = new Set(['missed']);

export interface TalliedMeasurement {
  readonly n: number;
  readonly outcome: MeasurementOutcome;
  readonly value: number | null;
  readonly detail: string | null;
}

/**
 * The count of the stored measurements of one check on one host. The order in which they were written does not matter:
 * rows are counted along n, and an unknown measurement ends a row until it is known.
 */
export class Tally {
  total = 0;
  failures = 0;
  errors = 0;
  noData = 0;
  missed = 0;
  valueSum = 0;
  valueCount = 0;
  /** The detail of the latest failure, or of the latest error if there was no failure. */
  lastDetail: string | null = null;
  private lastDetailRank = -1;
  private known = new Uint8Array(64);
  private readonly failureRows = new Rows();
  private readonly errorRows = new Rows();

  /** No data counts as the check's `onNoData` says. */
  constructor(private readonly onNoData: OnNoData) {}

  /** Measurements that are evidence about the service. */
  get evidence(): number {
    return this.total - this.errors - this.noData - this.missed;
  }

  get failuresInARow(): number {
    return this.failureRows.longest;
  }

  get errorsInARow(): number {
    return this.errorRows.longest;
  }

  has(n: number): boolean {
    return this.known[n] === 1;
  }

  /** A repeated measurement changes nothing: measurement n is made once. */
  add({ n, outcome, value, detail }: TalliedMeasurement): void {
    if (this.has(n)) return;
    const counted = outcome === 'no_data' && this.onNoData !== 'hold' ? this.onNoData : outcome;
    this.setKnown(n);
    this.total += 1;
    this.count(counted);
    if (counted === 'fail' || SAYS_NOTHING_OF_SERVICE.has(counted)) this.failureRows.add(n, counted === 'fail');
    if (counted === 'error' || SAYS_NOTHING_OF_WITNESS.has(counted)) this.errorRows.add(n, counted === 'error');
    if (value !== null && (outcome === 'pass' || outcome === 'fail')) {
      this.valueSum += value;
      this.valueCount += 1;
    }
    if (counted === 'fail' || counted === 'error') this.keepDetail(n, counted, detail);
  }

  private count(outcome: MeasurementOutcome): void {
    if (outcome === 'fail') this.failures += 1;
    else if (outcome === 'error') this.errors += 1;
    else if (outcome === 'no_data') this.noData += 1;
    else if (outcome === 'missed') this.missed += 1;
  }

  /** A failure takes precedence over every error, whichever was measured later. */
  private keepDetail(n: number, outcome: 'fail' | 'error', detail: string | null): void {
    const rank = outcome === 'fail' ? n + 2 ** 31 : n;
    if (rank <= this.lastDetailRank) return;
    this.lastDetail = detail;
    this.lastDetailRank = rank;
  }

  private setKnown(n: number): void {
    if (n >= this.known.length) {
      const longer = new Uint8Array(2 ** Math.ceil(Math.log2(n + 1)));
      longer.set(this.known);
      this.known = longer;
    }
    this.known[n] = 1;
  }
}
