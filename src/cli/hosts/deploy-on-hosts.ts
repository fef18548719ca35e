import { setTimeout as delay } from 'node:timers/promises';
import { batchesOf, type ServicePlan, type Version } from './host-plan.model.js';
import { containersOf, liveVersion } from './host-state.model.js';
import { newOwner, thisDeployer, type JournalEntry } from './journal.js';
import type { Ledger } from './ledger.js';
import { openHosts } from './open-hosts.js';
import { ReadinessLedger } from './readiness-ledger.js';
import { reasonOf } from './reason-of.js';
import { RolloutEffects, type OpenHost } from './rollout-effects.js';
import type { RolloutReport } from './rollout-report.js';
import { runRollout } from './rollout-run.js';
import { beginning, resuming, type Heading, type Rollout } from './rollout.model.js';

const WAIT_EVERY_MS = 2000;

/** What the ledger has decided meanwhile is carried out, whatever is asked for. */
const DECIDED: Readonly<Record<string, Heading>> = { promoted: 'forward', rejected: 'rollback' };

export interface DeployOptions {
  /** Null deploys without it: by readiness alone, for that long. */
  readonly ledger: Ledger | null;
  readonly bakeMs: number;
  /** How long a busy slot is waited for. */
  readonly waitMs: number;
  /** Refuses an image that is not signed as it has to be, by throwing. Null where nothing is asked for. */
  readonly verify: ((reference: string) => Promise<void>) | null;
  readonly report: (report: RolloutReport) => void;
  readonly signal: AbortSignal;
}

/** What one host shows of a slot. */
export interface HostStanding {
  readonly host: string;
  /** Why it could not be asked. */
  readonly unreachable: string | null;
  readonly live: Version | null;
  /** What was begun there and not ended. */
  readonly journal: JournalEntry | null;
  /** Whether any container of what was begun is there. */
  readonly isChanged: boolean;
}

/** A deployment from its beginning. Where another one is under way it is refused, or waits. */
export async function deployOnHosts(plan: ServicePlan, digest: string, options: DeployOptions): Promise<Rollout> {
  const giveUpAt = Date.now() + options.waitMs;
  for (;;) {
    const names = plan.hosts.map(({ name }) => name);
    const rollout = await carryOut(plan, digest, beginning(batchesOf(names, plan.batch)), new Map(), options);
    if (rollout.ending !== 'refused' || Date.now() > giveUpAt || options.signal.aborted) return rollout;
    options.report({ kind: 'waiting', reason: rollout.reason ?? '' });
    await delay(WAIT_EVERY_MS, undefined, { signal: options.signal }).catch(() => {});
  }
}

/** Goes on with what was cut off, with the plan that it began with. Null where nothing was. */
export function resumeOnHosts(plan: ServicePlan, options: DeployOptions): Promise<Rollout | null> {
  return takeOver(plan, 'forward', null, options);
}

/** Brings every host back to what it served before, unless it was promoted already. Null where nothing was begun. */
export function abortOnHosts(plan: ServicePlan, options: DeployOptions): Promise<Rollout | null> {
  return takeOver(plan, 'back', `aborted by ${thisDeployer()}`, options);
}

export async function standingOf(plan: ServicePlan): Promise<HostStanding[]> {
  await using opened = openHosts(plan, () => {});
  return Promise.all(opened.hosts.map(standingOn));
}

async function takeOver(
  given: ServicePlan,
  wanted: Heading,
  reason: string | null,
  options: DeployOptions,
): Promise<Rollout | null> {
  const standings = await standingOf(given);
  const taken = new Map(standings.flatMap(({ host, journal }) => (journal === null ? [] : [[host, journal] as const])));
  const [entry] = taken.values();
  if (entry === undefined) return null;
  const plan = entry.plan;
  // A host that cannot be asked may have been changed.
  const changed = standings.filter((one) => one.isChanged || one.unreachable !== null).map(({ host }) => host);
  const state = entry.ledgerId && options.ledger ? (await options.ledger.get(entry.ledgerId)).state : null;
  const heading = DECIDED[state ?? ''] ?? wanted;
  const names = plan.hosts.map(({ name }) => name);
  const rollout = resuming(batchesOf(names, plan.batch), heading, changed, reason);
  return carryOut(plan, entry.to.digest, rollout, taken, options);
}

async function carryOut(
  plan: ServicePlan,
  digest: string,
  rollout: Rollout,
  taken: ReadonlyMap<string, JournalEntry>,
  { ledger, bakeMs, verify, report, signal }: DeployOptions,
): Promise<Rollout> {
  await using opened = openHosts(plan, (host, step) => report({ kind: 'host', host, step }));
  const { hosts } = opened;
  const parties = {
    plan,
    digest,
    hosts,
    ledger: ledger ?? readinessOf(hosts, bakeMs),
    hasLedger: ledger !== null,
    owner: newOwner(),
    deployer: thisDeployer(),
    taken,
    verify,
    signal,
  };
  const effects = new RolloutEffects(parties);
  return runRollout(rollout, effects, (now, effect) => report({ kind: 'phase', rollout: now, effect }), signal);
}

function readinessOf(hosts: readonly OpenHost[], bakeMs: number): Ledger {
  const watch = async (forMs: number): Promise<void> => {
    await Promise.all(hosts.map(({ slot }) => slot.watch(forMs)));
  };
  return new ReadinessLedger(watch, bakeMs);
}

async function standingOn({ name, slot, journal }: OpenHost): Promise<HostStanding> {
  try {
    const entry = await journal.read();
    const state = await slot.look();
    const isChanged = entry !== null && containersOf(state, entry.to.deployment).length > 0;
    return { host: name, unreachable: null, live: liveVersion(state), journal: entry, isChanged };
  } catch (error) {
    return { host: name, unreachable: reasonOf(error), live: null, journal: null, isChanged: false };
  }
}
