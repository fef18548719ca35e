export const DEPLOYMENT_STATES = [
  'queued',
  'in_progress',
  'verifying',
  'on_hold',
  'promoted',
  'rejected',
  'failed',
  'cancelled',
  'superseded',
] as const;
export type DeploymentState = (typeof DEPLOYMENT_STATES)[number];

export const DEPLOYMENT_KINDS = ['deploy', 'rollback', 'redeploy'] as const;
export type DeploymentKind = (typeof DEPLOYMENT_KINDS)[number];

export const DEPLOYMENT_EVENTS = [
  'start',
  'supersede',
  'deployed',
  'failed',
  'lease-expired',
  'cancel',
  'preempt',
  'verdict-promote',
  'verdict-rollback',
  'verdict-hold',
  'decide-promote',
  'decide-reject',
  'hold-timeout',
] as const;
export type DeploymentEvent = (typeof DEPLOYMENT_EVENTS)[number];

/** `pending` until something is decided; `none` where nothing ever will be, so that nobody waits for nothing. */
export const VERDICTS = ['pending', 'promote', 'rollback', 'hold', 'none'] as const;
export type Verdict = (typeof VERDICTS)[number];

export const REASON_CODES = [
  'all-checks-passed',
  'check-failed',
  'wrong-version',
  'no-evidence',
  'check-error',
  'no-known-good',
  'ungated',
  'shadow',
  'preempted',
  'decided',
  'cancelled',
  'superseded',
  'failed',
  'hold-timeout',
  'lease-expired',
] as const;
export type ReasonCode = (typeof REASON_CODES)[number];

/** Why a deployment is in the state it is in. */
export interface Reason {
  readonly code: ReasonCode;
  readonly check?: string;
  readonly host?: string;
  readonly detail: string;
}

/**
 * The whole life of a deployment. What is not here is refused. Conditions that need more than the state
 * (fence, freeze, hosts changed, `force`) are judged by the use case that raises the event.
 */
export const TRANSITIONS: Record<DeploymentState, Partial<Record<DeploymentEvent, DeploymentState>>> = {
  queued: { start: 'in_progress', supersede: 'superseded', cancel: 'cancelled' },
  in_progress: {
    deployed: 'verifying',
    failed: 'failed',
    'lease-expired': 'failed',
    cancel: 'cancelled',
    preempt: 'failed',
  },
  verifying: {
    'verdict-promote': 'promoted',
    'verdict-rollback': 'rejected',
    'verdict-hold': 'on_hold',
    cancel: 'rejected',
    'decide-reject': 'rejected',
    preempt: 'rejected',
  },
  on_hold: {
    'decide-promote': 'promoted',
    'decide-reject': 'rejected',
    'hold-timeout': 'rejected',
    preempt: 'rejected',
  },
  promoted: {},
  rejected: {},
  failed: {},
  cancelled: {},
  superseded: {},
};

/** States in which a deployment holds its slot; at most one deployment of a slot is in one of them. */
export const ACTIVE_STATES: readonly DeploymentState[] = ['in_progress', 'verifying', 'on_hold'];

const VERDICT_OF_STATE: Record<DeploymentState, Verdict> = {
  queued: 'pending',
  in_progress: 'pending',
  verifying: 'pending',
  on_hold: 'hold',
  promoted: 'promote',
  rejected: 'rollback',
  failed: 'none',
  cancelled: 'none',
  superseded: 'none',
};

/** The column in which the time of an arrival in a state is kept. */
export const TIME_OF_STATE = {
  queued: 'queuedAt',
  in_progress: 'startedAt',
  verifying: 'deployedAt',
  on_hold: 'heldAt',
  promoted: 'finishedAt',
  rejected: 'finishedAt',
  failed: 'finishedAt',
  cancelled: 'finishedAt',
  superseded: 'finishedAt',
} as const satisfies Record<DeploymentState, string>;

/** A deployment in progress that nobody heard of for so long has failed. */
export const HEARTBEAT_LEASE_MS = 15 * 60_000;

/** A hold that nobody decides for so long is rejected. */
export const HOLD_TIMEOUT_MS = 30 * 60_000;

export type Step =
  | { readonly kind: 'moves'; readonly to: DeploymentState }
  /** The event was applied before: the present state is the answer, whatever has happened since. */
  | { readonly kind: 'repeats' }
  | { readonly kind: 'impossible' };

/** What an event does to a deployment in this state to which these events were applied before. */
export function stepOf(state: DeploymentState, applied: readonly DeploymentEvent[], event: DeploymentEvent): Step {
  const to = TRANSITIONS[state][event];
  if (to) return { kind: 'moves', to };
  return applied.includes(event) ? { kind: 'repeats' } : { kind: 'impossible' };
}

export function isFinal(state: DeploymentState): boolean {
  return Object.keys(TRANSITIONS[state]).length === 0;
}

export function isActive(state: DeploymentState): boolean {
  return ACTIVE_STATES.includes(state);
}

export function verdictOf(state: DeploymentState): Verdict {
  return VERDICT_OF_STATE[state];
}

/** What the deadline of a deployment that holds its slot derives from. */
export interface Holding {
  readonly state: DeploymentState;
  readonly startedAt: Date | null;
  readonly heartbeatAt: Date | null;
  readonly heldAt: Date | null;
}

/** A time in which nobody could tell Plimsoll anything: no instance was there, or none reached its database. */
export interface Outage {
  readonly beganAt: Date;
  readonly endedAt: Date;
}

/** Since when the lease or the hold of this deployment runs; null where none does. */
export function runsSince({ state, startedAt, heartbeatAt, heldAt }: Holding): Date | null {
  if (state === 'on_hold') return heldAt;
  return state === 'in_progress' ? (heartbeatAt ?? startedAt) : null;
}

/**
 * When this deployment leaves its state at the latest, or null where nothing limits it. The outages are at least those
 * that ended since the lease or the hold runs: after each a lease is whole again, and a hold has what it had left.
 */
export function deadlineOf(
  deployment: Holding,
  gateDeadline: Date | null,
  outages: readonly Outage[] = [],
): Date | null {
  if (deployment.state === 'verifying') return gateDeadline;
  const since = runsSince(deployment)?.getTime();
  if (since === undefined) return null;
  if (deployment.state === 'on_hold') return new Date(since + HOLD_TIMEOUT_MS + lengthSince(since, outages));
  const wholeSince = outages.reduce((latest, { endedAt }) => Math.max(latest, endedAt.getTime()), since);
  return new Date(wholeSince + HEARTBEAT_LEASE_MS);
}

function lengthSince(since: number, outages: readonly Outage[]): number {
  const lengths = outages.map(({ beganAt, endedAt }) => endedAt.getTime() - Math.max(beganAt.getTime(), since));
  return lengths.reduce((sum, length) => sum + Math.max(0, length), 0);
}

/**
 * Whether the deployer that holds this fence was cut off. A deployment that was preempted in progress has lost its
 * hosts to another one: its deployer must hear `stale-fence`, not that its event came too late.
 */
export function isFenceDead(state: DeploymentState, reason: string | null): boolean {
  return state === 'failed' && reason === 'preempted';
}

/** What a slot runs, as far as deployments can know it. */
export interface Running {
  readonly state: 'known' | 'unknown' | 'none';
  readonly digest: string | null;
  readonly sequenceKey: Date | null;
}

/** What a deployment was told about the slot it would find. */
export interface Expectation {
  readonly expectedPrevious: string | null;
  readonly sequenceKey: Date | null;
}

export type Staleness = 'stale-base' | 'outdated' | null;

/** Whether what the deployment expected of its slot still holds; judged when it is made and when it leaves the queue. */
export function stalenessOf({ expectedPrevious, sequenceKey }: Expectation, running: Running): Staleness {
  if (expectedPrevious !== null && (running.state !== 'known' || running.digest !== expectedPrevious))
    return 'stale-base';
  if (sequenceKey && running.sequenceKey && sequenceKey < running.sequenceKey) return 'outdated';
  return null;
}

/** A gate of 50 checks on 100 hosts may end for 5000 reasons. */
const MOST_REASONS_BYTES = 1024 * 1024;
const LEAST_DETAIL = 40;

/** The reasons with their details cut to an equal share of 1 MiB, so that whoever asks for a deployment can be given all. */
export function boundedReasons<Told extends Reason>(reasons: readonly Told[]): Told[] {
  const share = Math.floor(MOST_REASONS_BYTES / reasons.length);
  return reasons.map((reason) => {
    const names = Buffer.byteLength(JSON.stringify({ ...reason, detail: '' }));
    const room = Math.max(LEAST_DETAIL, share - names);
    if (Buffer.byteLength(reason.detail) <= room) return reason;
    return { ...reason, detail: `${reason.detail.slice(0, room - 1).toWellFormed()}…` };
  });
}
