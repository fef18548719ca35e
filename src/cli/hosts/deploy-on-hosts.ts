import { setTimeout as delay } from 'node:timers/promises';
import { batchesOf, type ServicePlan, type Version } from './host-plan.model.js';
import { differingParts } from './container-settings.js';
import { containersOf, liveVersion, type HostState } from './host-state.model.js';
import { holderText, newOwner, thisDeployer, type JournalEntry } from './journal.js';
import type { Ledger, LedgerDeployment, Return } from './ledger.js';
import { openHosts } from './open-hosts.js';
import { ReadinessLedger } from './readiness-ledger.js';
import { reasonOf } from './reason-of.js';
import { RolloutEffects } from './rollout-effects.js';
import type { OpenHost, RolloutParties } from './rollout-parties.js';
import type { RolloutReport } from './rollout-report.js';
import { runRollout } from './rollout-run.js';
import { beginning, resuming, type Heading, type Rollout } from './rollout.model.js';
import type { ReleaseName, Unreported } from './unreported.js';

const WAIT_EVERY_MS = 2000;

/** A refusal for these is over when somebody else is done. */
const PASSING = new Set(['held', 'slot-busy']);

const DECIDED: Readonly<Record<string, Heading>> = { promoted: 'forward', rejected: 'rollback' };

export interface DeployOptions {
  /** Null deploys without it: by readiness alone, for that long. */
  readonly ledger: Ledger | null;
  readonly bakeMs: number;
  /** Without the ledger: what it is to be told of the release later. */
  readonly name?: ReleaseName | null;
  /** How long a busy slot is waited for. */
  readonly waitMs: number;
  /** Refuses an image that is not signed as it has to be, by throwing. Null where nothing is asked for. */
  readonly verify: ((reference: string) => Promise<void>) | null;
  readonly report: (report: RolloutReport) => void;
  readonly signal: AbortSignal;
  /** How long one look at a gate waits for its verdict. */
  readonly lookSeconds: number;
}

/** What one host shows of a slot. */
export interface HostStanding {
  readonly host: string;
  /** Why it could not be asked. */
  readonly unreachable: string | null;
  readonly live: Version | null;
  /** In which parts the containers that serve are not what the plan says. */
  readonly differing: readonly string[];
  /** What was begun there and not ended. */
  readonly journal: JournalEntry | null;
  /** Whether any container of what was begun is there. */
  readonly isChanged: boolean;
  /** What was deployed there without the ledger, which has not heard of it yet. */
  readonly unreported: readonly Unreported[];
}

/** A deployment from its beginning. Where another one is under way it is refused, or waits. */
export function deployOnHosts(plan: ServicePlan, digest: string, options: DeployOptions): Promise<Rollout> {
  return fromTheBeginning(plan, options, (ledger) => ({
    ...NOT_BACK,
    begin: (retryOf) => ledger.create(digest, retryOf),
  }));
}

/** Goes on with what was cut off, with the plan that it began with. Null where nothing was. */
export function resumeOnHosts(plan: ServicePlan, options: DeployOptions): Promise<Rollout | null> {
  return takeOver(plan, options, { heading: 'forward', reason: null, back: null });
}

/** Brings every host back to what it served before, unless it was promoted already. Null where nothing was begun. */
export function abortOnHosts(plan: ServicePlan, options: DeployOptions): Promise<Rollout | null> {
  return takeOver(plan, options, { heading: 'back', reason: `aborted by ${thisDeployer()}`, back: null });
}

/** A rollback that a person asks for, of whatever is under way too: its hosts are taken over. */
export async function rollBackOnHosts(plan: ServicePlan, back: Return, options: DeployOptions): Promise<Rollout> {
  const taken = await takeOver(plan, options, { heading: 'rollback', reason: back.reason, back });
  if (taken !== null) return taken;
  return fromTheBeginning(plan, options, (ledger) => ({
    isReturn: true,
    back: null,
    begin: () => ledger.rollBack(back),
  }));
}

type Intent = Pick<RolloutParties, 'isReturn' | 'back' | 'begin'>;
const NOT_BACK = { isReturn: false, back: null };

async function fromTheBeginning(
  plan: ServicePlan,
  options: DeployOptions,
  intentOf: (ledger: Ledger) => Intent,
): Promise<Rollout> {
  const { waitMs, signal, report } = options;
  const giveUpAt = Date.now() + waitMs;
  const begun = beginning(
    batchesOf(
      plan.hosts.map(({ name }) => name),
      plan.batch,
    ),
  );
  for (;;) {
    const held = await heldRollout(plan, begun);
    const rollout = held ?? (await carryOut(plan, begun, { ...NOTHING_TAKEN, intentOf }, options));
    const mayPass = rollout.ending === 'refused' && PASSING.has(rollout.code ?? '');
    if (!mayPass || Date.now() > giveUpAt || signal.aborted) return rollout;
    report({ kind: 'waiting', reason: rollout.reason ?? '' });
    await delay(WAIT_EVERY_MS, undefined, { signal }).catch(() => {});
  }
}

/** Before the ledger is asked for a deployment that could not begin on any host. */
async function heldRollout(plan: ServicePlan, begun: Rollout): Promise<Rollout | null> {
  const held = (await standingOf(plan)).find(({ journal }) => journal !== null);
  if (!held?.journal) return null;
  return { ...begun, phase: 'ended', ending: 'refused', reason: holderText(held.host, held.journal), code: 'held' };
}

export async function standingOf(plan: ServicePlan): Promise<HostStanding[]> {
  await using opened = openHosts(plan, () => {});
  // Awaited here: the tunnels close when this block ends.
  return await Promise.all(opened.hosts.map((host) => standingOn(host, plan)));
}

interface TakeOver {
  readonly heading: Heading;
  readonly reason: string | null;
  readonly back: Return | null;
}

async function takeOver(given: ServicePlan, options: DeployOptions, asked: TakeOver): Promise<Rollout | null> {
  const standings = await standingOf(given);
  const taken = new Map(standings.flatMap(({ host, journal }) => (journal === null ? [] : [[host, journal] as const])));
  const [entry] = taken.values();
  const known = await knownTo(options.ledger, entry, asked);
  if (entry === undefined && known === null) return null;
  const { heading, reason, back } = asked;
  // What the ledger has decided meanwhile is carried out, unless a person asks for a rollback of that.
  const decided = back === null ? DECIDED[known?.state ?? ''] : undefined;
  const plan = entry?.plan ?? given;
  const batches = batchesOf(
    plan.hosts.map(({ name }) => name),
    plan.batch,
  );
  const rollout = resuming(batches, decided ?? heading, changedOf(standings), reason);
  const digest = entry?.to.digest ?? known?.release.digest ?? '';
  const isReturn = known?.kind === 'rollback';
  const intentOf = (own: Ledger): Intent => ({ isReturn, back, begin: (retryOf) => own.create(digest, retryOf) });
  return carryOut(plan, rollout, { taken, begun: known, intentOf }, options);
}

/** What hosts have begun, as the ledger has it; of what no host knows, what it has itself. */
async function knownTo(
  ledger: Ledger | null,
  entry: JournalEntry | undefined,
  { back }: TakeOver,
): Promise<LedgerDeployment | null> {
  if (ledger === null) return null;
  if (entry !== undefined) return entry.ledgerId === null ? null : ledger.get(entry.ledgerId);
  // A rollback that somebody asks for is one of its own.
  return back === null ? ledger.begun() : null;
}

/** A host that cannot be asked may have been changed. */
function changedOf(standings: readonly HostStanding[]): string[] {
  return standings.filter((one) => one.isChanged || one.unreachable !== null).map(({ host }) => host);
}

interface Taken {
  readonly taken: ReadonlyMap<string, JournalEntry>;
  readonly begun: LedgerDeployment | null;
  readonly intentOf: (ledger: Ledger) => Intent;
}
const NOTHING_TAKEN = { taken: new Map<string, JournalEntry>(), begun: null };

async function carryOut(
  plan: ServicePlan,
  rollout: Rollout,
  { taken, begun, intentOf }: Taken,
  { ledger, bakeMs, name = null, verify, report, signal, lookSeconds }: DeployOptions,
): Promise<Rollout> {
  await using opened = openHosts(plan, (host, step) => report({ kind: 'host', host, step }));
  const { hosts } = opened;
  const own = ledger ?? readinessOf(hosts, bakeMs);
  const who = { owner: newOwner(), deployer: thisDeployer(), taken, begun };
  const from = { plan, hosts, ledger: own, hasLedger: ledger !== null, name };
  const effects = new RolloutEffects({ ...from, ...who, ...intentOf(own), verify, signal, report, lookSeconds });
  return await runRollout(rollout, effects, (now, effect) => report({ kind: 'phase', rollout: now, effect }), signal);
}

function readinessOf(hosts: readonly OpenHost[], bakeMs: number): Ledger {
  const watch = async (forMs: number): Promise<void> => {
    await Promise.all(hosts.map(({ slot }) => slot.watch(forMs)));
  };
  return new ReadinessLedger(watch, bakeMs);
}

async function standingOn({ name, slot, journal, unreported }: OpenHost, plan: ServicePlan): Promise<HostStanding> {
  try {
    const entry = await journal.read();
    const state = await slot.look();
    const isChanged = entry !== null && containersOf(state, entry.to.deployment).length > 0;
    const live = liveVersion(state);
    const untold = await unreported.list();
    const differing = differingIn(state, plan);
    return { host: name, unreachable: null, live, differing, journal: entry, isChanged, unreported: untold };
  } catch (error) {
    const unreachable = reasonOf(error);
    return { host: name, unreachable, live: null, differing: [], journal: null, isChanged: false, unreported: [] };
  }
}

function differingIn({ containers, live }: HostState, plan: ServicePlan): string[] {
  const serving = containers.filter(({ deployment }) => deployment === live);
  return [...new Set(serving.flatMap(({ settings = null }) => differingParts(settings, plan)))];
}
