/** Where a host stands between the version that it had and the one that it gets. */
export type HostPlace = 'old' | 'changing' | 'new' | 'lost';

export type Ending =
  /** The gate said so, or readiness alone without a ledger. */
  | 'promoted'
  /** The gate said rollback, and each host serves its old version again. */
  | 'rolled-back'
  /** It came to no gate; each host serves its old version, as before or again. */
  | 'failed'
  /** A person decides; every host serves the new version. */
  | 'on-hold'
  /** Another deployment has taken over; nothing more is touched. */
  | 'preempted'
  /** Nobody follows the gate any more; it goes on, and every host serves the new version, or again the old one. */
  | 'interrupted'
  /** Each host serves its old version again, and the ledger could not be told. */
  | 'untold'
  /** Some host serves neither for sure. */
  | 'broken'
  /** Nothing was begun: somebody else is at it, or the ledger said no. */
  | 'refused';

export const PHASES = [
  'creating',
  'opening',
  'staging',
  'migrating',
  'rolling',
  'reporting',
  'gating',
  'asking-back',
  'returning',
  'telling',
  'confirming',
  'closing',
  'ended',
] as const;
export type Phase = (typeof PHASES)[number];

/** To the new version; back, since somebody gave up; or back, since the gate has said so. */
export type Heading = 'forward' | 'back' | 'rollback';

/** All of a deployment's course, as data. */
export interface Rollout {
  readonly phase: Phase;
  readonly heading: Heading;
  readonly batches: readonly (readonly string[])[];
  /** That is being changed, or comes next. */
  readonly batch: number;
  readonly places: Readonly<Record<string, HostPlace>>;
  /** Whether any host may have served the new version. */
  readonly isTouched: boolean;
  readonly ending: Ending | null;
  readonly reason: string | null;
  /** Why it was refused, for programs: `held`, or what the ledger says, such as `slot-busy`. */
  readonly code: string | null;
}

export const ROLLOUT_EVENTS = [
  'done',
  'refused',
  'failed',
  'preempted',
  'interrupted',
  'promote',
  'rollback',
  'hold',
] as const;

/** What has happened, and why where something did not go well. */
export interface RolloutEvent {
  readonly kind: (typeof ROLLOUT_EVENTS)[number];
  readonly reason?: string;
  readonly code?: string;
  /** Where hosts were left, as far as that is not what was asked for. */
  readonly places?: Readonly<Record<string, HostPlace>>;
}

/** What is to be done now: one thing, on these hosts at once. */
export interface RolloutEffect {
  readonly kind: Exclude<Phase, 'ended'>;
  readonly hosts: readonly string[];
}

export function beginning(batches: readonly (readonly string[])[]): Rollout {
  return resuming(batches, 'forward', [], null);
}

/** A rollout that was cut off, of which some hosts may serve the new version. Everything is done again that is not done. */
export function resuming(
  batches: readonly (readonly string[])[],
  heading: Heading,
  changed: readonly string[],
  reason: string | null,
): Rollout {
  const places = Object.fromEntries(
    batches.flat().map((name) => [name, changed.includes(name) ? ('changing' as const) : ('old' as const)]),
  );
  const ending = { forward: null, back: 'failed', rollback: 'rolled-back' } as const;
  const isTouched = changed.length > 0;
  return {
    phase: 'creating',
    heading,
    batches,
    batch: 0,
    places,
    isTouched,
    ending: ending[heading],
    reason,
    code: null,
  };
}

export function effectOf(rollout: Rollout): RolloutEffect | null {
  const { phase, batches, batch, places } = rollout;
  const all = batches.flat();
  if (phase === 'ended') return null;
  if (phase === 'migrating') return { kind: phase, hosts: all.slice(0, 1) };
  if (phase === 'rolling')
    return { kind: phase, hosts: (batches[batch] ?? []).filter((name) => places[name] !== 'new') };
  if (phase === 'returning') return { kind: phase, hosts: all.filter((name) => places[name] !== 'old') };
  return { kind: phase, hosts: all };
}

/** What a phase has no answer to throws: only a fault of the interpreter raises it. */
export function after(rollout: Rollout, event: RolloutEvent): Rollout {
  const transition = TRANSITIONS[rollout.phase][event.kind];
  if (transition === undefined) throw new Error(`Nothing is ${event.kind} while a rollout is ${rollout.phase}.`);
  return transition(rollout, event);
}

type Transition = (rollout: Rollout, event: RolloutEvent) => Rollout;

const go =
  (phase: Phase): Transition =>
  (rollout) => ({ ...rollout, phase });
const end =
  (ending: Ending, phase: Phase = 'ended'): Transition =>
  (rollout, { reason = null, code = null }) => ({ ...rollout, phase, ending, reason, code });

/** Whoever else holds the slot now decides about the hosts. */
const preempted = end('preempted');

const TRANSITIONS: Record<Phase, Partial<Record<RolloutEvent['kind'], Transition>>> = {
  creating: { done: go('opening'), refused: end('refused'), failed: end('refused') },
  opening: { done: depart, refused: end('refused', 'telling'), failed: end('failed', 'telling'), preempted },
  staging: { done: go('migrating'), failed: end('failed', 'telling'), preempted },
  migrating: { done: touch, failed: end('failed', 'telling'), preempted },
  rolling: { done: rolled, failed: goBack, preempted },
  reporting: { done: go('gating'), failed: goBack, interrupted: end('interrupted'), preempted },
  gating: {
    promote: end('promoted', 'closing'),
    rollback: end('rolled-back', 'asking-back'),
    hold: end('on-hold'),
    interrupted: end('interrupted'),
    failed: end('interrupted'),
    preempted,
  },
  'asking-back': { done: goBack, failed: goBack, refused: end('broken'), preempted },
  returning: { done: returned, failed: stuck, preempted },
  telling: { done: confirm, failed: stayUntold, preempted },
  confirming: { done: closeUnlessStuck, failed: stuckAgain, interrupted: end('interrupted', 'closing') },
  closing: { done: go('ended'), failed: go('ended') },
  ended: {},
};

const DEPARTURES: Record<Heading, Phase> = { forward: 'staging', back: 'returning', rollback: 'asking-back' };

function depart(rollout: Rollout): Rollout {
  return { ...rollout, phase: DEPARTURES[rollout.heading] };
}

/** From here on a host may serve the new version, whatever becomes of the deployer. */
function touch(rollout: Rollout): Rollout {
  return { ...rollout, phase: 'rolling', isTouched: true };
}

/** The hosts of this batch are changed. */
function rolled(rollout: Rollout): Rollout {
  const places = placed(rollout, rollout.batches[rollout.batch] ?? [], 'new');
  const batch = rollout.batch + 1;
  return { ...rollout, places, batch, phase: batch < rollout.batches.length ? 'rolling' : 'reporting' };
}

/** The first bad batch stops it, and whatever was changed goes back. */
function goBack(rollout: Rollout, event: RolloutEvent): Rollout {
  const { ending, reason } = rollout;
  const places = { ...rollout.places, ...event.places };
  return { ...rollout, phase: 'returning', places, ending: ending ?? 'failed', reason: reason ?? event.reason ?? null };
}

function returned(rollout: Rollout): Rollout {
  return { ...rollout, phase: 'telling', places: placed(rollout, Object.keys(rollout.places), 'old') };
}

function stuck(rollout: Rollout, { reason, places }: RolloutEvent): Rollout {
  const why = [rollout.reason, reason].filter((one) => one !== null && one !== undefined).join('; then ');
  return { ...rollout, phase: 'telling', ending: 'broken', reason: why, places: { ...rollout.places, ...places } };
}

/** The way back has a gate of its own. */
function confirm(rollout: Rollout): Rollout {
  const isBack = rollout.isTouched && (rollout.ending === 'failed' || rollout.ending === 'rolled-back');
  return isBack ? { ...rollout, phase: 'confirming' } : closeUnlessStuck(rollout);
}

/** The journals stay: whoever aborts again tells the ledger. */
function stayUntold(rollout: Rollout, { reason }: RolloutEvent): Rollout {
  const ending = rollout.ending === 'broken' ? 'broken' : 'untold';
  return { ...rollout, phase: 'ended', ending, reason: `${rollout.reason ?? ''}; the ledger was not told: ${reason}` };
}

/** The old version is not well either. */
function stuckAgain(rollout: Rollout, event: RolloutEvent): Rollout {
  return { ...stuck(rollout, event), phase: 'closing' };
}

/** A host that serves neither version for sure keeps its journal, for whoever comes next. */
function closeUnlessStuck(rollout: Rollout): Rollout {
  return { ...rollout, phase: rollout.ending === 'broken' ? 'ended' : 'closing' };
}

function placed(rollout: Rollout, names: readonly string[], place: HostPlace): Rollout['places'] {
  return { ...rollout.places, ...Object.fromEntries(names.map((name) => [name, place])) };
}
