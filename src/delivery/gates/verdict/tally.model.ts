import type { MeasurementOutcome } from '../gate-run.model.js';
import type { OnNoData } from '../plan/gate-specification.model.js';

const UNKNOWN = 0;
const CODES = { pass: 1, fail: 2, error: 3, no_data: 4, missed: 5 } as const satisfies Record<
  MeasurementOutcome,
  number
>;

/** What neither continues nor ends a row of failures: it says nothing of the service. */
const SAYS_NOTHING_OF_SERVICE: ReadonlySet<number> = new Set([CODES.error, CODES.no_data, CODES.missed]);
/** What neither continues nor ends a row of errors: nobody asked the witness. */
const SAYS_NOTHING_OF_WITNESS: ReadonlySet<number> = new Set([CODES.missed]);

export interface TalliedMeasurement {
  readonly n: number;
  readonly outcome: MeasurementOutcome;
  readonly value: number | null;
  readonly detail: string | null;
}

/**
 * The count of the stored measurements of one check on one host. It comes out the same in whatever order they were
 * written: rows are counted along n, and a measurement that is not known yet ends a row until it is.
 */
export class Tally {
  total = 0;
  failures = 0;
  errors = 0;
  noData = 0;
  missed = 0;
  failuresInARow = 0;
  errorsInARow = 0;
  valueSum = 0;
  valueCount = 0;
  /** What the latest failure, or without one the latest error, was about. */
  lastDetail: string | null = null;
  private lastDetailRank = -1;
  private codes = new Uint8Array(64);

  /** No data is counted as what the check takes it for. */
  constructor(private readonly onNoData: OnNoData) {}

  /** Measurements that say something of the service. */
  get evidence(): number {
    return this.total - this.errors - this.noData - this.missed;
  }

  has(n: number): boolean {
    return this.codeAt(n) !== UNKNOWN;
  }

  /** A measurement that is known already changes nothing: measurement n is made once. */
  add({ n, outcome, value, detail }: TalliedMeasurement): void {
    if (this.has(n)) return;
    const counted = outcome === 'no_data' && this.onNoData !== 'hold' ? this.onNoData : outcome;
    this.setCode(n, CODES[counted]);
    this.total += 1;
    this.count(counted);
    this.failuresInARow = Math.max(this.failuresInARow, this.rowAround(n, CODES.fail, SAYS_NOTHING_OF_SERVICE));
    this.errorsInARow = Math.max(this.errorsInARow, this.rowAround(n, CODES.error, SAYS_NOTHING_OF_WITNESS));
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

  /** A failure outranks every error, whichever was measured later. */
  private keepDetail(n: number, outcome: 'fail' | 'error', detail: string | null): void {
    const rank = outcome === 'fail' ? n + 2 ** 31 : n;
    if (rank <= this.lastDetailRank) return;
    this.lastDetail = detail;
    this.lastDetailRank = rank;
  }

  private rowAround(n: number, code: number, skipped: ReadonlySet<number>): number {
    const own = this.codeAt(n);
    if (own !== code && !skipped.has(own)) return 0;
    return Number(own === code) + this.rowFrom(n, -1, code, skipped) + this.rowFrom(n, 1, code, skipped);
  }

  private rowFrom(n: number, step: 1 | -1, code: number, skipped: ReadonlySet<number>): number {
    let length = 0;
    for (let at = n + step; ; at += step) {
      const other = this.codeAt(at);
      if (other === code) length += 1;
      else if (!skipped.has(other)) return length;
    }
  }

  private codeAt(n: number): number {
    return this.codes[n] ?? UNKNOWN;
  }

  private setCode(n: number, code: number): void {
    if (n >= this.codes.length) {
      const longer = new Uint8Array(Math.max(n + 1, this.codes.length * 2));
      longer.set(this.codes);
      this.codes = longer;
    }
    this.codes[n] = code;
  }
}
