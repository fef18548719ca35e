import { type Condition, faultOfValue } from './condition.model.js';
import { cadenceOf, countWithin, DEFAULT_IDENTITY, IDENTITY_INTERVAL_MS } from './gate-plan.model.js';
import type {
  CheckKind,
  CheckKinds,
  CheckSpecification,
  Fault,
  GatedSpecification,
  GateSubject,
  IdentitySpecification,
} from './gate-specification.model.js';
import { alwaysHolds, canHold, type NumericRange } from './numeric-range.model.js';
import { speaksOfHost } from './template.model.js';

export const MAX_CHECKS = 50;

/** How many measurements a bake may plan in total. An extended bake may measure twice as many. */
export const MAX_PLANNED = 200_000;

export interface RulesContext {
  readonly kinds: CheckKinds;
  /** The bake of a deployment in this slot: that of the gate, or the default of the tier. */
  readonly bakeSeconds: number;
  readonly subject: GateSubject;
  /** The fault of a URL template, or null. */
  readonly faultOfUrl: (template: string) => string | null;
  /** Whether identity can be read from this field of an answer. */
  readonly isIdentityField: (field: string) => boolean;
}

/** Every fault of a gate that the schema accepts; empty for a valid gate. */
export function faultsOf(specification: GatedSpecification, context: RulesContext): Fault[] {
  const { identity, checks } = specification;
  return [
    ...faultsOfCheckList(checks),
    ...faultsOfPlannedCount('/checks', specification, context),
    ...(identity ? within('/identity', faultsOfIdentity(identity, context)) : []),
    ...checks.flatMap((check, index) => within(`/checks/${index}`, faultsOfCheck(check, context))),
  ];
}

function faultsOfCheckList(checks: readonly CheckSpecification[]): Fault[] {
  const faults: Fault[] = [];
  if (checks.length > MAX_CHECKS) faults.push({ pointer: '/checks', detail: `has more than ${MAX_CHECKS} checks` });
  if (checks.every(({ required }) => required === false)) {
    faults.push({ pointer: '/checks', detail: 'has no required check, so nothing could be proved' });
  }
  const names = checks.map(({ name }) => name);
  names.forEach((name, index) => {
    if (names.indexOf(name) < index)
      faults.push({ pointer: `/checks/${index}/name`, detail: 'is taken by a check before' });
  });
  return faults;
}

/** Too many measurements. Each is stored, and a takeover reads all of them. */
export function faultsOfPlannedCount(
  pointer: string,
  { checks }: GatedSpecification,
  { kinds, bakeSeconds, subject }: Pick<RulesContext, 'kinds' | 'bakeSeconds' | 'subject'>,
): Fault[] {
  const planned = checks.reduce((sum, check) => {
    const kind = kinds(check.type);
    const count = countWithin(cadenceOf(check, kind, bakeSeconds), Math.round(bakeSeconds * 1000));
    return sum + count * (kind?.isPerHost(check) ? subject.hosts.length : 1);
  }, 0);
  return planned <= MAX_PLANNED ? [] : [{ pointer, detail: tooManyPlanned(planned) }];
}

export function tooManyPlanned(planned: number): string {
  return `plans ${planned} measurements in a bake, of all checks on all hosts; at most ${MAX_PLANNED} are allowed`;
}

function faultsOfIdentity(identity: IdentitySpecification, { faultOfUrl, isIdentityField }: RulesContext): Fault[] {
  const { url, field } = identity;
  const consecutive = identity.consecutive ?? DEFAULT_IDENTITY.consecutive;
  const withinSeconds = identity.withinSeconds ?? DEFAULT_IDENTITY.withinSeconds;
  const faults: Fault[] = [];
  const urlFault = faultOfUrl(url);
  if (urlFault !== null) faults.push({ pointer: '/url', detail: urlFault });
  if (!speaksOfHost(url)) faults.push({ pointer: '/url', detail: 'is the same for every host: use {host.url}' });
  if (!isIdentityField(field)) faults.push({ pointer: '/field', detail: 'is no header:<name> and no JSON pointer' });
  if ((consecutive - 1) * IDENTITY_INTERVAL_MS > withinSeconds * 1000) {
    faults.push({ pointer: '/withinSeconds', detail: `is too short for ${consecutive} probes, one every 2 s` });
  }
  return faults;
}

function faultsOfCheck(check: CheckSpecification, context: RulesContext): Fault[] {
  const kind = context.kinds(check.type);
  if (!kind) return [{ pointer: '/type', detail: `"${check.type}" is not available here` }];
  return [
    ...faultsOfCadence(check, kind, context.bakeSeconds),
    ...faultsOfExpectations(check, kind),
    ...kind.faultsOf(check, context.subject),
  ];
}

function faultsOfCadence(check: CheckSpecification, kind: CheckKind, bakeSeconds: number): Fault[] {
  const cadence = cadenceOf(check, kind, bakeSeconds);
  const faults: Fault[] = [];
  if (cadence.timeoutMs > cadence.intervalMs) {
    faults.push({ pointer: '/timeoutSeconds', detail: 'is longer than the interval' });
  }
  if (check.required !== false && countWithin(cadence, Math.round(bakeSeconds * 1000)) === 0) {
    faults.push({ pointer: '/initialDelaySeconds', detail: `leaves no measurement in a bake of ${bakeSeconds} s` });
  }
  return faults;
}

function faultsOfExpectations({ expect = [], baseline }: CheckSpecification, kind: CheckKind): Fault[] {
  if (expect.length === 0 && !baseline)
    return [{ pointer: '/expect', detail: 'expects nothing, and there is no baseline' }];
  const faults = expect.flatMap((condition, index) => within(`/expect/${index}`, faultsOfCondition(condition, kind)));
  return faults.length > 0 ? faults : contradictions(expect, kind);
}

function faultsOfCondition(condition: Condition, kind: CheckKind): Fault[] {
  const { field, op } = condition;
  if (!kind.hasField(field)) return [{ pointer: '/field', detail: `is no field of ${kind.type} checks` }];
  const range = kind.rangeOf(field);
  if (range && op === 'contains') {
    return [{ pointer: '/op', detail: `never holds: ${field} is a number, which contains nothing` }];
  }
  const valueFault = faultOfValue(condition);
  if (valueFault) return [{ pointer: '/value', detail: valueFault }];
  if (!range) return [];
  if (!canHold([condition], range)) return [{ pointer: '/value', detail: `never holds: ${shown(field, range)}` }];
  return alwaysHolds(condition, range) ? [{ pointer: '/value', detail: `always holds: ${shown(field, range)}` }] : [];
}

/** Conditions that can each hold, but not all together. */
function contradictions(conditions: readonly Condition[], kind: CheckKind): Fault[] {
  return [...Map.groupBy(conditions, ({ field }) => field)].flatMap(([field, own]) => {
    const range = kind.rangeOf(field);
    if (!range || canHold(own, range)) return [];
    return [{ pointer: '/expect', detail: `never holds: no ${field} fulfils all its conditions` }];
  });
}

function shown(field: string, { least, most, isWhole }: NumericRange): string {
  const bounds = Number.isFinite(most) ? `from ${least} to ${most}` : `at least ${least}`;
  return `${field} is ${isWhole ? 'a whole number' : 'a number'} ${bounds}`;
}

function within(pointer: string, faults: readonly Fault[]): Fault[] {
  return faults.map((fault) => ({ pointer: pointer + fault.pointer, detail: fault.detail }));
}
