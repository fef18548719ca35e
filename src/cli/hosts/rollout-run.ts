import { LedgerRefusal } from './ledger.js';
import { reasonOf } from './reason-of.js';
import { Preempted, type RolloutEffects } from './rollout-effects.js';
import { after, effectOf, type Rollout, type RolloutEffect, type RolloutEvent } from './rollout.model.js';

/** Well within the ledger's lease of 15 minutes. */
const HEARTBEAT_MS = 60_000;

/** Performs what the model says, one effect after the other, and tells the model what came of each. */
export async function runRollout(
  begun: Rollout,
  effects: RolloutEffects,
  tell: (rollout: Rollout, effect: RolloutEffect | null) => void,
  signal: AbortSignal = new AbortController().signal,
): Promise<Rollout> {
  let rollout = begun;
  const heartbeats = setInterval(() => void effects.sendHeartbeat(), HEARTBEAT_MS);
  try {
    for (let effect = effectOf(rollout); effect !== null; effect = effectOf(rollout)) {
      tell(rollout, effect);
      rollout = after(rollout, interruptible(await outcomeOf(effect, rollout, effects), effect, signal));
    }
  } finally {
    clearInterval(heartbeats);
  }
  tell(rollout, null);
  return rollout;
}

/** What was begun on a host is ended; then what was changed goes back. What goes back already is not interrupted. */
function interruptible(event: RolloutEvent, { kind, hosts }: RolloutEffect, signal: AbortSignal): RolloutEvent {
  const mayStop = kind === 'staging' || kind === 'migrating' || kind === 'rolling';
  if (!signal.aborted || !mayStop || event.kind === 'preempted') return event;
  const changed = kind === 'rolling' ? hosts.map((name) => [name, 'changing'] as const) : [];
  const places = { ...Object.fromEntries(changed), ...event.places };
  return { kind: 'failed', reason: event.reason ?? 'interrupted', places };
}

async function outcomeOf(effect: RolloutEffect, rollout: Rollout, effects: RolloutEffects): Promise<RolloutEvent> {
  try {
    return await effects.perform(effect, rollout);
  } catch (error) {
    return eventOf(effect, error);
  }
}

function eventOf({ kind }: RolloutEffect, error: unknown): RolloutEvent {
  const reason = reasonOf(error);
  if (error instanceof Preempted) return { kind: 'preempted', reason };
  if (error instanceof LedgerRefusal) {
    const code = error.status === 401 || error.status === 403 ? 'not-allowed' : error.code;
    // On the way back somebody may be quicker: his is the rollback then.
    const isTaken = code === 'stale-fence' || (kind === 'asking-back' && code === 'slot-busy');
    if (kind !== 'creating' && isTaken) return { kind: 'preempted', reason, code };
    if (kind === 'creating' || kind === 'asking-back') return { kind: 'refused', reason, code };
  } else if (kind === 'reporting' || kind === 'gating') {
    // The hosts are well; only nobody could be told, or asked.
    return { kind: 'interrupted', reason };
  }
  return { kind: 'failed', reason };
}
