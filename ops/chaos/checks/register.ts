import type { Act, Call, Sight } from '../journal.ts';
import { activeStates, type LedgerDeployment } from './ledger.ts';
import { findUnexplained, type Operation } from './linearize.ts';
import { toldOf, type Violation } from './violation.ts';

/** What a slot is to its readers. Digests stand for releases. */
export interface Register {
  readonly fence: number;
  readonly active: string | null;
  readonly phase: string | null;
  readonly running: string | null;
  readonly runningState: string;
  readonly good: string | null;
}

export const emptySlot: Register = {
  fence: 0,
  active: null,
  phase: null,
  running: null,
  runningState: 'none',
  good: null,
};

type Step = (slot: Register, deployment: LedgerDeployment) => Register;

const unknown = { running: null, runningState: 'unknown' } as const;
const freed = { active: null, phase: null } as const;
const runs = ({ digest }: LedgerDeployment) => ({ running: digest, runningState: 'known' }) as const;
const isOf = (slot: Register, { id }: LedgerDeployment, ...phases: string[]) =>
  slot.active === id && slot.phase !== null && phases.includes(slot.phase);

/** What the events of a deployment do to its slot. A preempted one ends in the start of the rollback. */
const steps: Readonly<Record<string, { readonly from: readonly string[]; readonly to: Step }>> = {
  deployed: { from: ['in_progress'], to: (slot, one) => ({ ...slot, phase: 'verifying', ...runs(one) }) },
  failed: {
    from: ['in_progress'],
    to: (slot, one) => ({ ...slot, ...freed, ...(one.hostsChanged !== false && unknown) }),
  },
  'lease-expired': { from: ['in_progress'], to: (slot) => ({ ...slot, ...freed, ...unknown }) },
  cancel: { from: ['in_progress', 'verifying'], to: (slot) => ({ ...slot, ...freed }) },
  'verdict-promote': { from: ['verifying'], to: (slot, { digest }) => ({ ...slot, ...freed, good: digest }) },
  'verdict-rollback': {
    from: ['verifying'],
    to: (slot, { reasons }) => ({ ...slot, ...freed, ...(reasons.includes('wrong-version') && unknown) }),
  },
  'verdict-hold': { from: ['verifying'], to: (slot) => ({ ...slot, phase: 'on_hold' }) },
  'decide-promote': {
    from: ['on_hold'],
    to: (slot, one) => ({ ...slot, ...freed, good: one.digest, ...(slot.runningState === 'unknown' && runs(one)) }),
  },
  'decide-reject': { from: ['verifying', 'on_hold'], to: (slot) => ({ ...slot, ...freed }) },
  'hold-timeout': { from: ['on_hold'], to: (slot) => ({ ...slot, ...freed }) },
};

/** The call that brings an event about; what is not here comes about by itself. */
const actOf: Readonly<Record<string, Act>> = {
  deployed: 'deployed',
  failed: 'failed',
  cancel: 'cancel',
  'decide-promote': 'decision',
  'decide-reject': 'decision',
};

interface Interval {
  readonly invokedAt: number;
  readonly returnedAt: number | null;
}

/** Whether every read of a slot is explained by some order of the writes that the ledger has, each between its call and answer. */
export function checkRegister(
  slot: string,
  calls: readonly Call[],
  deployments: readonly LedgerDeployment[],
): Violation[] {
  const check = 'linearizability';
  const started = deployments.filter(({ fence }) => fence !== null);
  const found = findUnexplained(emptySlot, [
    ...started.flatMap((one) => writesOf(one, started, calls)),
    ...readsOf(calls),
  ]);
  if (found === null) return [];
  const { operation, states } = found;
  const at = operation.returnedAt ?? operation.invokedAt;
  const near = calls.filter(({ invokedAt, returnedAt }) => returnedAt > at - 3000 && invokedAt < at + 200).slice(-25);
  const may = [...new Set(states.map((state) => JSON.stringify(state)))].slice(0, 5);
  const says = `no order of the writes explains: ${operation.label}; the slot may have been ${may.join(' or ')}`;
  return [{ check, slot, says, history: near.map(toldOf) }];
}

function writesOf(
  deployment: LedgerDeployment,
  all: readonly LedgerDeployment[],
  calls: readonly Call[],
): Operation<Register>[] {
  const start = startOf(deployment, all, calls);
  let { invokedAt } = start;
  const events = deployment.applied.filter((event) => event in steps);
  return [
    start,
    ...events.map((event): Operation<Register> => {
      const interval = intervalOf(event, deployment, calls, invokedAt);
      ({ invokedAt } = interval);
      const { from, to } = steps[event]!;
      return {
        label: `${event} of ${deployment.attempt} (fence ${deployment.fence})`,
        invokedAt: interval.invokedAt,
        returnedAt: interval.returnedAt,
        isRead: false,
        apply: (slot) => (isOf(slot, deployment, ...from) ? to(slot, deployment) : null),
      };
    }),
  ];
}

function startOf(one: LedgerDeployment, all: readonly LedgerDeployment[], calls: readonly Call[]): Operation<Register> {
  const asked = calls.find(({ act, attempt }) => attempt === one.attempt && (act === 'start' || act === 'rollback'));
  const preempted = new Map(all.filter(({ applied }) => applied.includes('preempt')).map((other) => [other.id, other]));
  return {
    label: `start of ${one.attempt} (fence ${one.fence})`,
    invokedAt: asked?.invokedAt ?? 0,
    returnedAt: asked?.outcome === 'acknowledged' ? asked.returnedAt : null,
    isRead: false,
    apply: (slot) => {
      if (slot.fence + 1 !== one.fence) return null;
      const before = slot.active === null ? null : preempted.get(slot.active);
      if (before === undefined || (before !== null && one.kind !== 'rollback')) return null;
      const left = before?.state === 'failed' ? unknown : {};
      return { ...slot, ...left, fence: one.fence, active: one.id, phase: 'in_progress' };
    },
  };
}

/** Of an event that comes about by itself it is known when it had: when somebody was first told so. */
function intervalOf(
  event: string,
  { id, state }: LedgerDeployment,
  calls: readonly Call[],
  notBefore: number,
): Interval {
  const act = actOf[event];
  const own = calls.filter((call) => call.deployment === id && call.act === act && call.outcome !== 'refused');
  const told = calls.filter(
    (call) =>
      call.deployment === id &&
      call.outcome === 'acknowledged' &&
      call.state !== undefined &&
      isPast(event, call.state, state),
  );
  const returns = [...own.filter(({ outcome }) => outcome === 'acknowledged'), ...told].map(
    ({ returnedAt }) => returnedAt,
  );
  return {
    invokedAt: own.length === 0 ? notBefore : Math.min(...own.map(({ invokedAt }) => invokedAt)),
    returnedAt: returns.length === 0 ? null : Math.min(...returns),
  };
}

const order = ['in_progress', 'verifying', 'on_hold', 'ended'];
const after: Readonly<Record<string, string>> = { deployed: 'verifying', 'verdict-hold': 'on_hold' };

/** Whether a deployment that was shown in this state had seen the event. */
function isPast(event: string, shown: string, last: string): boolean {
  const place = activeStates.has(shown) ? shown : 'ended';
  // Once it has ended, it has seen whatever it will have seen.
  if (place === 'ended') return shown === last;
  return order.indexOf(place) >= order.indexOf(after[event] ?? 'ended');
}

function readsOf(calls: readonly Call[]): Operation<Register>[] {
  return calls.flatMap((call): Operation<Register>[] => {
    const { sees, invokedAt, returnedAt } = call;
    if (sees === undefined || call.outcome === 'unknown') return [];
    const apply = (slot: Register) => (isSeen(sees, slot) ? slot : null);
    return [{ label: toldOf(call), invokedAt, returnedAt, isRead: true, apply }];
  });
}

function isSeen(sees: Sight, slot: Register): boolean {
  return Object.entries(sees).every(([field, value]) => slot[field as keyof Register] === value);
}
