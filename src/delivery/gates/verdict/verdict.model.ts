import type { GateReason, GateVerdict } from '../gate-run.model.js';
import { countWithin, type GatePlan, type PlannedCheck } from '../plan/gate-plan.model.js';
import type { Tally } from './tally.model.js';

/** The measurements of one check on one host (null for a check that is planned once). */
export interface Series {
  readonly check: PlannedCheck;
  readonly host: string | null;
  readonly tally: Tally;
}

export interface Judgement {
  readonly verdict: GateVerdict;
  readonly reasons: GateReason[];
}

/** In binary 0.8 × 15 is about 12.000000000000002, which must not require a thirteenth measurement. */
const ROUNDING = 1e-9;

/** Whether the stored measurements already reject, whatever still follows. */
export function hasFailed({ check, tally }: Series): boolean {
  return check.required && reachesFailAt(check, tally);
}

/** The verdict during the bake, as far as the measurements decide it: `rollback`, or none yet. */
export function judgeEarly(series: readonly Series[]): Judgement | null {
  const failed = series.filter(hasFailed);
  return failed.length === 0 ? null : { verdict: 'rollback', reasons: failed.map(failureOf) };
}

/** The verdict at the end of the bake. Only evidence promotes: missing measurements count against it. */
export function judge(plan: GatePlan, series: readonly Series[]): Judgement {
  const failures = [
    ...series.filter(hasFailed).map(failureOf),
    ...required(plan).flatMap((check) => baselineFailure(check, series)),
  ];
  if (failures.length > 0) return { verdict: 'rollback', reasons: failures };
  const doubts = required(plan).flatMap((check) => doubtsOf(check, plan, ofCheck(check, series)));
  if (doubts.length > 0) return { verdict: 'hold', reasons: doubts };
  if (required(plan).length === 0) {
    return { verdict: 'hold', reasons: [{ code: 'no-evidence', detail: 'no check was required' }] };
  }
  return { verdict: 'promote', reasons: [{ code: 'all-checks-passed', detail: summaryOf(plan, series) }] };
}

/** The mean of each check over all its hosts, for the baselines of later runs. */
export function meansOf(plan: GatePlan, series: readonly Series[]): Record<string, number> {
  const means = plan.checks.map((check) => [check.name, meanOf(check, series)] as const);
  return Object.fromEntries(means.filter((mean): mean is [string, number] => mean[1] !== null));
}

function required(plan: GatePlan): PlannedCheck[] {
  return plan.checks.filter((check) => check.required);
}

function ofCheck(check: PlannedCheck, series: readonly Series[]): Series[] {
  return series.filter((one) => one.check === check);
}

function reachesFailAt({ failAt }: PlannedCheck, { failures, failuresInARow }: Tally): boolean {
  return failures >= failAt.total || failuresInARow >= failAt.consecutive;
}

function failureOf({ check, host, tally }: Series): GateReason {
  const counts = `${tally.failures} of ${tally.total} measurements failed, ${tally.failuresInARow} of them in a row`;
  return reason(
    'check-failed',
    check,
    host,
    tally.lastDetail === null ? counts : `${counts}; the last: ${tally.lastDetail}`,
  );
}

function baselineFailure(check: PlannedCheck, series: readonly Series[]): GateReason[] {
  const standing = standingOf(check, series);
  if (standing === 'violated') return [reason('check-failed', check, null, baselineDetail(check, series))];
  if (standing === 'no_data' && check.onNoData === 'fail') {
    return [reason('check-failed', check, null, nothingToCompare(check))];
  }
  return [];
}

function doubtsOf(check: PlannedCheck, plan: GatePlan, series: readonly Series[]): GateReason[] {
  const doubts = series.flatMap((one) => doubtOf(one, plan.bakeMs));
  if (series.length === 0) doubts.push(reason('no-evidence', check, null, 'there was no host to measure'));
  if (standingOf(check, series) === 'no_data' && check.onNoData === 'hold') {
    doubts.push(reason('no-evidence', check, null, nothingToCompare(check)));
  }
  return doubts;
}

function doubtOf({ check, host, tally }: Series, bakeMs: number): GateReason[] {
  if (tally.errorsInARow >= check.errorAt) {
    const counts = `${tally.errorsInARow} measurements in a row ended in an error`;
    return [
      reason(
        'check-error',
        check,
        host,
        tally.lastDetail === null ? counts : `${counts}; the last: ${tally.lastDetail}`,
      ),
    ];
  }
  const planned = countWithin(check, bakeMs);
  const wanted = Math.max(1, Math.ceil(planned * check.minMeasurements - ROUNDING));
  return tally.evidence >= wanted ? [] : [reason('no-evidence', check, host, shortageOf(tally, wanted, planned))];
}

function shortageOf(tally: Tally, wanted: number, planned: number): string {
  const lost = [
    tally.missed > 0 && `${tally.missed} were missed`,
    tally.noData > 0 && `${tally.noData} had no data`,
    tally.errors > 0 && `${tally.errors} ended in an error`,
  ].filter((part) => part !== false);
  return [`${tally.evidence} of ${planned} planned measurements count, ${wanted} are needed`, ...lost].join('; ');
}

type Standing = 'kept' | 'violated' | 'no_data';

const COMPARISONS = {
  lt: (mean: number, bound: number) => mean < bound,
  lte: (mean: number, bound: number) => mean <= bound,
  gt: (mean: number, bound: number) => mean > bound,
  gte: (mean: number, bound: number) => mean >= bound,
};

/**
 * How the check compares with its baseline. If the baseline does not apply, the conditions decide, if there are any.
 */
function standingOf(check: PlannedCheck, series: readonly Series[]): Standing {
  const { baseline, expect } = check;
  if (!baseline) return 'kept';
  if (baseline.mean === null) return expect.length > 0 ? 'kept' : 'no_data';
  const mean = meanOf(check, series);
  if (mean === null) return 'kept';
  // Infinities of both signs have no mean, so there is nothing to compare.
  if (Number.isNaN(mean)) return 'no_data';
  return COMPARISONS[baseline.op](mean, baseline.factor * baseline.mean) ? 'kept' : 'violated';
}

function meanOf(check: PlannedCheck, series: readonly Series[]): number | null {
  const own = ofCheck(check, series);
  const count = own.reduce((sum, { tally }) => sum + tally.valueCount, 0);
  return count === 0 ? null : own.reduce((sum, { tally }) => sum + tally.valueSum, 0) / count;
}

function baselineDetail(check: PlannedCheck, series: readonly Series[]): string {
  const { op, factor, runs, mean } = check.baseline ?? {};
  return `the mean ${rounded(meanOf(check, series))} is not ${op} ${factor} × ${rounded(mean ?? null)}, the mean of the last ${runs} promoted runs`;
}

function nothingToCompare({ baseline }: PlannedCheck): string {
  if (baseline?.mean !== null) return 'the values have no mean to compare: some are +Inf and some -Inf';
  return `the slot has fewer than ${baseline?.runs} promoted runs to compare with, and nothing else is expected`;
}

function rounded(value: number | null): string {
  return value === null ? 'none' : String(Number(value.toPrecision(6)));
}

function summaryOf(plan: GatePlan, series: readonly Series[]): string {
  const counted = series.filter(({ check }) => check.required);
  const passed = counted.reduce((sum, { tally }) => sum + tally.evidence - tally.failures, 0);
  const evidence = counted.reduce((sum, { tally }) => sum + tally.evidence, 0);
  return `${passed} of ${evidence} measurements passed, of ${required(plan).length} required checks`;
}

function reason(code: GateReason['code'], check: PlannedCheck, host: string | null, detail: string): GateReason {
  return host === null ? { code, check: check.name, detail } : { code, check: check.name, host, detail };
}
