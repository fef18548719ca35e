import type { GatedRelease } from '../gate-run.model.js';
import type { Condition } from './condition.model.js';
import type {
  Baseline,
  CheckKind,
  CheckKinds,
  CheckSpecification,
  FailureLimit,
  GatedSpecification,
  IdentitySpecification,
  OnNoData,
} from './gate-specification.model.js';

type Tier = 'development' | 'staging' | 'production';

export const DEFAULT_BAKE_SECONDS: Record<Tier, number> = { production: 600, staging: 180, development: 30 };
const DEFAULT_WARM_UP_SECONDS = 30;
export const DEFAULT_IDENTITY = { consecutive: 3, withinSeconds: 120 };
const DEFAULT_FAIL_AT: FailureLimit = { total: 3, consecutive: 2 };
const DEFAULT_ERROR_AT = 5;
const DEFAULT_MIN_MEASUREMENTS = 0.8;
const DEFAULT_BASELINE = { op: 'lte', runs: 3 } as const;

export const IDENTITY_INTERVAL_MS = 2000;
export const IDENTITY_TIMEOUT_MS = 2000;

export interface PlannedHost {
  readonly name: string;
  readonly url: string;
}

export interface PlannedIdentity {
  readonly url: string;
  readonly field: string;
  readonly consecutive: number;
  readonly withinMs: number;
}

export interface PlannedBaseline extends Baseline {
  /** The mean of the last promoted runs when the gate run was opened; null if there were too few. */
  readonly mean: number | null;
}

/** A check with all defaults filled in. */
export interface PlannedCheck {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly isPerHost: boolean;
  readonly initialDelayMs: number;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly expect: readonly Condition[];
  readonly failAt: FailureLimit;
  readonly errorAt: number;
  /** A share of the measurements that the bake plans. */
  readonly minMeasurements: number;
  readonly onNoData: OnNoData;
  readonly baseline: PlannedBaseline | null;
  /** The check as the operator wrote it, for its own type to read. */
  readonly specification: CheckSpecification;
}

/** The gate when the run was opened, with every default filled in. The run keeps this copy. */
export interface GatePlan {
  readonly service: string;
  readonly environment: string;
  readonly release: GatedRelease;
  readonly hosts: readonly PlannedHost[];
  readonly identity: PlannedIdentity | null;
  readonly warmUpMs: number;
  readonly bakeMs: number;
  readonly checks: readonly PlannedCheck[];
  /** Missing in plans from before there were shadow gates. */
  readonly shadow?: boolean;
}

export interface PlanningContext {
  readonly service: string;
  readonly environment: string;
  readonly tier: Tier;
  readonly kind: 'deploy' | 'rollback' | 'redeploy';
  readonly release: GatedRelease;
  readonly hosts: readonly PlannedHost[];
  readonly kinds: CheckKinds;
  /** The default bake by tier, if it was changed. */
  readonly defaultBakeSeconds?: Readonly<Record<Tier, number>>;
  /** The means of the slot's promoted runs by check, newest run first. */
  readonly promotedMeans: readonly Readonly<Record<string, number>>[];
}

export function bakeSecondsOf(
  { bakeSeconds }: GatedSpecification,
  tier: Tier,
  defaults: Readonly<Record<Tier, number>> = DEFAULT_BAKE_SECONDS,
): number {
  return bakeSeconds ?? defaults[tier];
}

/**
 * Makes the plan of the gate for one deployment. A type that is no longer available is planned with the general
 * defaults.
 */
export function planGate(specification: GatedSpecification, context: PlanningContext): GatePlan {
  const { service, environment, release, hosts, kind } = context;
  const bakeSeconds =
    bakeSecondsOf(specification, context.tier, context.defaultBakeSeconds) / (kind === 'rollback' ? 2 : 1);
  const bakeMs = toMs(bakeSeconds);
  const checks = specification.checks.map((check) => planCheck(check, bakeSeconds, context));
  const asked = kind === 'rollback' ? checks.map((check) => forRollback(check, checks, bakeMs, context.kinds)) : checks;
  return {
    service,
    environment,
    release,
    hosts,
    identity: specification.identity ? planIdentity(specification.identity) : null,
    warmUpMs: toMs(specification.warmUpSeconds ?? DEFAULT_WARM_UP_SECONDS),
    bakeMs,
    checks: asked.map((check) => withinReach(check, bakeMs)),
    shadow: specification.shadow ?? false,
  };
}

/**
 * How often a check is measured: as the gate says, otherwise the default of its type. A default never exceeds its
 * limit.
 */
export function cadenceOf(
  check: CheckSpecification,
  kind: CheckKind | undefined,
  bakeSeconds: number,
): { initialDelayMs: number; intervalMs: number; timeoutMs: number } {
  const usual = kind?.cadence(bakeSeconds) ?? { initialDelaySeconds: 0, intervalSeconds: 15, timeoutSeconds: 5 };
  const intervalSeconds = check.intervalSeconds ?? usual.intervalSeconds;
  return {
    initialDelayMs: toMs(check.initialDelaySeconds ?? usual.initialDelaySeconds),
    intervalMs: toMs(intervalSeconds),
    timeoutMs: toMs(check.timeoutSeconds ?? Math.min(usual.timeoutSeconds, intervalSeconds)),
  };
}

/** How many measurements of a check are due in this time, its end included. */
export function countWithin(
  { initialDelayMs, intervalMs }: { readonly initialDelayMs: number; readonly intervalMs: number },
  lengthMs: number,
): number {
  return lengthMs < initialDelayMs ? 0 : Math.floor((lengthMs - initialDelayMs) / intervalMs) + 1;
}

/** When measurement n is due. Depends only on stored times, so that every instance calculates the same. */
export function dueAt(
  { initialDelayMs, intervalMs }: { readonly initialDelayMs: number; readonly intervalMs: number },
  bakeBeginsAtMs: number,
  n: number,
): number {
  return bakeBeginsAtMs + initialDelayMs + n * intervalMs;
}

/** How many measurements are planned in a bake of this length, all checks and hosts together. */
export function plannedCount({ checks, hosts }: GatePlan, lengthMs: number): number {
  return checks.reduce((sum, check) => sum + countWithin(check, lengthMs) * (check.isPerHost ? hosts.length : 1), 0);
}

/** Whether a host is needed, but the slot has none. */
export function lacksHosts({ hosts, identity, checks }: GatePlan): boolean {
  return hosts.length === 0 && (identity !== null || checks.some((check) => check.required && check.isPerHost));
}

function planCheck(check: CheckSpecification, bakeSeconds: number, context: PlanningContext): PlannedCheck {
  const kind = context.kinds(check.type);
  return {
    name: check.name,
    type: check.type,
    required: check.required ?? true,
    isPerHost: kind?.isPerHost(check) ?? false,
    ...cadenceOf(check, kind, bakeSeconds),
    expect: check.expect ?? [],
    failAt: {
      total: check.failAt?.total ?? DEFAULT_FAIL_AT.total,
      consecutive: check.failAt?.consecutive ?? DEFAULT_FAIL_AT.consecutive,
    },
    errorAt: check.errorAt ?? DEFAULT_ERROR_AT,
    minMeasurements: check.minMeasurements ?? DEFAULT_MIN_MEASUREMENTS,
    onNoData: check.onNoData ?? 'hold',
    baseline: planBaseline(check, context.promotedMeans),
    specification: check,
  };
}

/**
 * If the limit were above the number of planned measurements, a check that always fails would pass. So the limit is
 * lowered to that number. The same holds for errors.
 */
function withinReach(check: PlannedCheck, bakeMs: number): PlannedCheck {
  const most = Math.max(1, countWithin(check, bakeMs));
  const { total, consecutive } = check.failAt;
  return {
    ...check,
    failAt: { total: Math.min(total, most), consecutive: Math.min(consecutive, most) },
    errorAt: Math.min(check.errorAt, most),
  };
}

function planBaseline(
  { name, baseline }: CheckSpecification,
  runs: PlanningContext['promotedMeans'],
): PlannedBaseline | null {
  if (!baseline) return null;
  const wanted = baseline.runs ?? DEFAULT_BASELINE.runs;
  const means = runs.flatMap((run) => run[name] ?? []).slice(0, wanted);
  return {
    op: baseline.op ?? DEFAULT_BASELINE.op,
    factor: baseline.factor,
    runs: wanted,
    mean: means.length < wanted ? null : means.reduce((sum, mean) => sum + mean, 0) / wanted,
  };
}

function planIdentity(identity: IdentitySpecification): PlannedIdentity {
  return {
    url: identity.url,
    field: identity.field,
    consecutive: identity.consecutive ?? DEFAULT_IDENTITY.consecutive,
    withinMs: toMs(identity.withinSeconds ?? DEFAULT_IDENTITY.withinSeconds),
  };
}

/**
 * In half the bake of a rollback a check may not begin in time: then it is measured at the end. A witness decides
 * nothing if another check is required.
 */
function forRollback(
  check: PlannedCheck,
  all: readonly PlannedCheck[],
  bakeMs: number,
  kinds: CheckKinds,
): PlannedCheck {
  const isWitness = ({ type }: PlannedCheck) => kinds(type)?.isWitness ?? false;
  const othersDecide = all.some((other) => other.required && !isWitness(other));
  return {
    ...check,
    initialDelayMs: Math.min(check.initialDelayMs, bakeMs),
    required: check.required && !(othersDecide && isWitness(check)),
  };
}

function toMs(seconds: number): number {
  return Math.round(seconds * 1000);
}
