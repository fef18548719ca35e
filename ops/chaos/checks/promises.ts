import type { Call } from '../journal.ts';
import { activeStates, type Ledger, type LedgerDeployment, verdictOf } from './ledger.ts';
import { toldOf, type Violation } from './violation.ts';

const ofDeployment = (calls: readonly Call[], { id, attempt }: LedgerDeployment) =>
  calls.filter((call) => call.deployment === id || (attempt !== null && call.attempt === attempt)).map(toldOf);

/** What an acknowledged call must have left in the ledger: an event that was applied. */
const leaves: Readonly<Record<string, readonly string[]>> = {
  deployed: ['deployed'],
  failed: ['failed'],
  cancel: ['cancel'],
  decision: ['decide-promote', 'decide-reject'],
};

/** Acknowledged and not in the ledger, or refused and in it. */
export function lostWrites(calls: readonly Call[], ledger: Ledger): Violation[] {
  const releases = new Set(ledger.releases);
  const byAttempt = new Map(ledger.deployments.map((one) => [one.attempt, one]));
  const byId = new Map(ledger.deployments.map((one) => [one.id, one]));
  return calls.flatMap((call): Violation[] => {
    const { act, attempt = '', deployment = '', slot } = call;
    const isStart = act === 'start' || act === 'rollback';
    const says = isStart
      ? lostStart(call, byAttempt.get(attempt))
      : act === 'release'
        ? lostRelease(call, releases)
        : lostEvent(call, byId.get(deployment));
    return says === null ? [] : [{ check: 'lost write', slot, says, history: [toldOf(call)] }];
  });
}

function lostRelease({ attempt = '', outcome }: Call, releases: ReadonlySet<string>): string | null {
  return outcome === 'acknowledged' && !releases.has(attempt) ? `the release ${attempt} is not there` : null;
}

function lostStart({ attempt, deployment, outcome, sees }: Call, there: LedgerDeployment | undefined): string | null {
  if (outcome === 'refused' && there) return `${attempt} was refused and is in the ledger as ${there.id}`;
  if (outcome !== 'acknowledged') return null;
  if (!there) return `the deployment ${deployment} (${attempt}) was acknowledged and is not in the ledger`;
  const isSame = there.id === deployment && there.fence === sees?.fence;
  return isSame ? null : `${attempt} was acknowledged as another than ${there.id} with fence ${there.fence}`;
}

function lostEvent({ act, deployment, outcome }: Call, there: LedgerDeployment | undefined): string | null {
  const events = leaves[act];
  if (!events || outcome !== 'acknowledged') return null;
  const applied = there?.applied ?? [];
  if (events.some((event) => applied.includes(event))) return null;
  return `${act} of ${deployment} was acknowledged, and the ledger has only ${applied.join(', ') || 'nothing'}`;
}

/** By the ledger at the end, by its fences, and by every list that a client was shown. */
export function activeTwice(calls: readonly Call[], { deployments }: Ledger): Violation[] {
  const check = 'two active deployments in a slot';
  const active = Object.entries(
    Object.groupBy(
      deployments.filter(({ state }) => activeStates.has(state)),
      ({ slot }) => slot,
    ),
  );
  const inLedger = active.flatMap(([slot, ones = []]): Violation[] => {
    if (ones.length < 2) return [];
    const names = ones.map(({ id, state, fence }) => `${id} (${state}, fence ${fence})`).join(' and ');
    return [
      { check, slot, says: `${names} are active at the end`, history: ones.flatMap((one) => ofDeployment(calls, one)) },
    ];
  });
  const shown = calls.filter(({ activeOnes = [] }) => activeOnes.length > 1);
  return [
    ...inLedger,
    ...sharedFences(deployments),
    ...shown.map((call) => ({ check, slot: call.slot, says: 'a list showed two', history: [toldOf(call)] })),
  ];
}

function sharedFences(deployments: readonly LedgerDeployment[]): Violation[] {
  const started = deployments.filter(({ fence }) => fence !== null);
  const byFence = Object.groupBy(started, ({ slot, fence }) => `${slot} ${fence}`);
  return Object.values(byFence).flatMap((ones = []): Violation[] => {
    const [one] = ones;
    if (one === undefined || ones.length < 2) return [];
    const says = `${ones.map(({ id }) => id).join(' and ')} have the fence ${one.fence}`;
    return [{ check: 'two active deployments in a slot', slot: one.slot, says, history: [] }];
  });
}

const final = new Set(['promote', 'rollback', 'none']);

/** Once `promote`, `rollback` or `none` was told, everybody is told the same from then on, and the ledger says it. */
export function verdictChanged(calls: readonly Call[], { deployments }: Ledger): Violation[] {
  const check = 'verdict changed';
  return deployments.flatMap((one): Violation[] => {
    const told = calls.filter((call) => call.deployment === one.id && call.outcome === 'acknowledged' && call.verdict);
    const fallen = told.filter(({ verdict = '' }) => final.has(verdict));
    const [first] = fallen.toSorted((a, b) => a.returnedAt - b.returnedAt);
    if (first === undefined) return [];
    const later = told.find(
      (call) => call.verdict !== first.verdict && (call.invokedAt > first.returnedAt || fallen.includes(call)),
    );
    const tell = (says: string, call?: Call) => [
      { check, slot: one.slot, says: `${one.id}: ${says}`, history: [first, ...(call ? [call] : [])].map(toldOf) },
    ];
    if (later) return tell(`${first.verdict} was told, and later ${later.verdict}`, later);
    const now = verdictOf(one.state);
    return now === first.verdict ? [] : tell(`${first.verdict} was told, and the ledger has ${now}`);
  });
}

/** Of the measurements that were planned, so many have to be there: the gates of chaos leave it at the default. */
const leastShare = 0.8;
const failuresToReject = 3;

/** Promoted by the gate without measurements, against them, or without the host having been asked; or by nobody's decision. */
export function promotedWithoutEvidence(calls: readonly Call[], { deployments, evidence }: Ledger): Violation[] {
  const check = 'promoted without evidence';
  return deployments.flatMap((one): Violation[] => {
    if (one.state !== 'promoted') return [];
    const tell = (says: string) => [
      { check, slot: one.slot, says: `${one.id}: ${says}`, history: ofDeployment(calls, one) },
    ];
    if (one.applied.includes('decide-promote')) {
      const isAsked = calls.some(
        ({ act, deployment, outcome }) => act === 'decision' && deployment === one.id && outcome !== 'refused',
      );
      return isAsked ? [] : tell('a decision promoted it that nobody made');
    }
    const { planned, passed, failed } = one;
    if (planned === null) return tell('it had no gate run');
    if (passed + failed < Math.ceil(planned * leastShare))
      return tell(`${passed + failed} of ${planned} measurements are there`);
    if (failed >= failuresToReject) return tell(`${failed} of ${planned} measurements failed`);
    const host = evidence[one.attempt ?? ''];
    if (host === undefined || host.good < passed) {
      return tell(`${passed} measurements passed, and its host answered ${host?.good ?? 0} of them`);
    }
    return host.isGood ? [] : tell('its host answered that it is not well');
  });
}
