import { imageOf } from './container-spec.model.js';
import type { Version } from './host-plan.model.js';
import { liveVersion } from './host-state.model.js';
import { holderText, type JournalEntry } from './journal.js';
import { LedgerRefusal, type LedgerDeployment, type Return } from './ledger.js';
import { insistently } from './insistently.js';
import { reasonOf } from './reason-of.js';
import type { OpenHost, RolloutParties } from './rollout-parties.js';
import type { HostPlace, Rollout, RolloutEffect, RolloutEvent } from './rollout.model.js';
import type { ReleaseName, Unreported } from './unreported.js';

/** Somebody else holds the slot by now. */
export class Preempted extends Error {
  override readonly name = 'Preempted';
}

/** What a rollout does to hosts and ledger. It holds what it was told on the way, and decides nothing. */
export class RolloutEffects {
  /** What each host served before; null for none. */
  readonly #from = new Map<string, Version | null>();
  #own: LedgerDeployment | null = null;
  #to: Version | null = null;
  #back: LedgerDeployment | null = null;
  #backDigest: string | null = null;
  #preemptedBy: string | null = null;
  #deployedAt: string | null = null;
  readonly #beganAt = new Date().toISOString();
  /** Whether a rollback of somebody else's ended the gate. */
  #isTakenBack = false;

  constructor(private readonly parties: RolloutParties) {}

  perform(effect: RolloutEffect, rollout: Rollout): Promise<RolloutEvent> {
    const byKind: Record<RolloutEffect['kind'], () => Promise<RolloutEvent>> = {
      creating: () => this.#create(rollout),
      opening: () => this.#open(rollout),
      staging: () => this.#stage(effect),
      migrating: () => this.#onEach(effect, ({ slot }) => slot.migrate(this.#version)),
      rolling: () => this.#onEach(effect, (host) => this.#bring(host, this.#version), 'changing'),
      reporting: () => this.#report(),
      gating: () => this.#follow(this.#deployment.id),
      'asking-back': () => this.#askBack(),
      returning: () => this.#onEach(effect, (host) => this.#bring(host, this.#target(host.name)), 'lost'),
      telling: () => done(this.#tellEnding(rollout)),
      confirming: () => this.#confirm(),
      closing: () => this.#close(effect, rollout),
    };
    return byKind[effect.kind]();
  }

  async sendHeartbeat(): Promise<void> {
    const deployment = this.#back ?? this.#own;
    if (deployment === null) return;
    await this.parties.ledger.heartbeat(deployment).catch((error: unknown) => {
      // No answer is no reason to stop: the lease outlives an outage of the ledger.
      if (error instanceof LedgerRefusal && error.code === 'stale-fence') this.#preemptedBy = error.message;
    });
  }

  get #deployment(): LedgerDeployment {
    if (this.#own === null) throw new Error('There is no deployment yet.');
    return this.#own;
  }

  get #version(): Version {
    if (this.#to === null) throw new Error('There is no version yet.');
    return this.#to;
  }

  async #create({ heading }: Rollout): Promise<RolloutEvent> {
    const { ledger, begin, begun, taken } = this.parties;
    const [before] = taken.values();
    const known = before?.ledgerId ? await ledger.get(before.ledgerId) : begun;
    // Its lease ran out while nobody went on. On the way back nothing new is begun.
    const isOver = known !== null && (known.state === 'failed' || known.state === 'cancelled');
    this.#own = known === null || (isOver && heading === 'forward') ? await begin(known?.id ?? null) : known;
    // The containers of a deployment that is taken over bear its id.
    this.#to = before?.to ?? { deployment: this.#own.id, digest: this.#own.release.digest };
    this.parties.report({ kind: 'deployment', deployment: this.#own });
    return { kind: 'done' };
  }

  /** All journals are opened, or none by us. On the way back a host that nobody reaches keeps no other one. */
  async #open({ heading }: Rollout): Promise<RolloutEvent> {
    const opened: OpenHost[] = [];
    for (const host of this.parties.hosts) {
      const holder = await this.#openOn(host).catch((error: unknown) => {
        if (heading === 'forward') throw error;
        return null;
      });
      if (holder !== null) {
        await Promise.all(opened.map(({ journal }) => journal.close(this.parties.owner)));
        return { kind: 'refused', reason: holderText(host.name, holder), code: 'held' };
      }
      opened.push(host);
    }
    return { kind: 'done' };
  }

  async #openOn({ name, slot, journal }: OpenHost): Promise<JournalEntry | null> {
    const { plan, owner, deployer, taken, hasLedger } = this.parties;
    const before = taken.get(name) ?? null;
    if (before !== null) this.#from.set(name, before.from);
    await slot.prepare();
    const from = before === null ? liveVersion(await slot.observe([])) : before.from;
    this.#from.set(name, from);
    const openedAt = new Date().toISOString();
    const entry = {
      to: this.#version,
      from,
      ledgerId: hasLedger ? this.#deployment.id : null,
      name: this.#name,
      owner,
      deployer,
      openedAt,
      plan,
    };
    return journal.open(entry, before);
  }

  /** What is not signed as it should be comes to no host. */
  async #stage(effect: RolloutEffect): Promise<RolloutEvent> {
    const { plan, verify } = this.parties;
    const { digest } = this.#version;
    await verify?.(imageOf(plan, digest));
    return this.#onEach(effect, ({ slot }) => slot.pull(digest));
  }

  #bring({ slot, journal }: OpenHost, to: Version | null): Promise<void> {
    return slot.bring(to, async () => {
      const entry = await journal.read();
      if (entry?.owner !== this.parties.owner) this.#preemptedBy = `${entry?.deployer ?? 'somebody'} has taken over`;
      if (this.#preemptedBy !== null) throw new Preempted(this.#preemptedBy);
    });
  }

  /** On all of them at once; each is waited for, also when another has failed. */
  async #onEach(
    { hosts: names }: RolloutEffect,
    work: (host: OpenHost) => Promise<void>,
    placeOfFailed?: HostPlace,
  ): Promise<RolloutEvent> {
    const hosts = this.parties.hosts.filter(({ name }) => names.includes(name));
    const outcomes = await Promise.allSettled(hosts.map((host) => insistently(() => work(host))));
    const reasons: string[] = [];
    const places: Record<string, HostPlace> = {};
    for (const [n, outcome] of outcomes.entries()) {
      const name = hosts[n]?.name ?? '';
      if (outcome.status === 'fulfilled') {
        if (placeOfFailed === 'changing') places[name] = 'new';
        continue;
      }
      if (outcome.reason instanceof Preempted) throw outcome.reason;
      reasons.push(`host ${name}: ${reasonOf(outcome.reason)}`);
      if (placeOfFailed !== undefined) places[name] = placeOfFailed;
    }
    return reasons.length === 0 ? { kind: 'done' } : { kind: 'failed', reason: reasons.join('\n'), places };
  }

  #report(): Promise<RolloutEvent> {
    this.#deployedAt = new Date().toISOString();
    return done(this.parties.ledger.deployed(this.#deployment));
  }

  async #follow(id: string): Promise<RolloutEvent> {
    const { ledger, signal, lookSeconds, report } = this.parties;
    for (;;) {
      if (signal.aborted) return { kind: 'interrupted', reason: 'nobody follows the gate any more; it goes on' };
      const found = await ledger.verdict(id, lookSeconds, signal);
      report({ kind: 'verdict', verdict: found });
      const { verdict, reasons } = found;
      this.#isTakenBack = reasons.some(({ code }) => code === 'preempted');
      const reason = reasons.map(({ code, detail }) => `${code}: ${detail}`).join('; ');
      if (verdict === 'none') return { kind: 'preempted', reason };
      if (verdict !== 'pending') return { kind: verdict, reason };
    }
  }

  /** The ledger says where to: what was known at the verdict may have been marked bad meanwhile. */
  async #askBack(): Promise<RolloutEvent> {
    const { ledger, back, report } = this.parties;
    const { id } = this.#deployment;
    this.#back = this.#isTakenBack
      ? await this.#joinRollbackOf(id)
      : await ledger.rollBack(back ?? returnOf(id, null, 'was rejected'));
    this.#backDigest = this.#back.release.digest || null;
    report({ kind: 'deployment', deployment: this.#back });
    const places = Object.fromEntries(this.parties.hosts.map(({ name }) => [name, 'changing' as const]));
    return { kind: 'done', places };
  }

  /** Whoever asked for it may be away. Once it is carried out, a rollback more would undo what came before. */
  async #joinRollbackOf(id: string): Promise<LedgerDeployment> {
    const begun = await this.parties.ledger.rollbackOf(id);
    if (begun === null) throw new Preempted('somebody else has rolled it back');
    return begun;
  }

  /** The version that a host goes back to: the one before, unless the ledger named another one. */
  #target(host: string): Version | null {
    const from = this.#from.get(host) ?? null;
    if (this.#back === null || this.#backDigest === null || from?.digest === this.#backDigest) return from;
    return { deployment: this.#back.id, digest: this.#backDigest };
  }

  async #tellEnding({ ending, reason, isTouched }: Rollout): Promise<void> {
    const { ledger, isReturn } = this.parties;
    if (this.#back === null && ending !== 'rolled-back') {
      await ledger.failed(this.#deployment, (reason ?? 'failed').slice(0, 1000), isTouched).catch(unlessOver);
      const digest = [...this.#from.values()].find((version) => version !== null)?.digest;
      if (!isTouched || isReturn || ending === 'broken' || digest === undefined) return;
      // The hosts are back already; the ledger hears what they run, and its gate looks.
      const asked = returnOf(this.#deployment.id, digest, 'failed');
      this.#back = await ledger.rollBack(asked).catch(nullIfNeverGood);
    }
    if (this.#back === null) return;
    if (ending === 'broken') await ledger.failed(this.#back, reason ?? 'a host could not be brought back', true);
    else await ledger.deployed(this.#back);
  }

  async #close(effect: RolloutEffect, rollout: Rollout): Promise<RolloutEvent> {
    const { ledger, owner, hasLedger } = this.parties;
    const { ending, isTouched } = rollout;
    const digests = ending === 'promoted' ? await ledger.returnDigests().catch(() => null) : null;
    return this.#onEach(effect, async ({ name, slot, journal, unreported }) => {
      // What could not be removed today is removed after the next deployment.
      if (ending === 'promoted') await slot.prune([this.#to, this.#from.get(name) ?? null], digests).catch(() => {});
      // Before the journal goes: whoever is cut off here does it again.
      if (!hasLedger && isTouched) await unreported.keep(this.#unreported(name, rollout));
      await journal.close(owner);
    });
  }

  #unreported(host: string, { ending }: Rollout): Unreported {
    const [entry] = this.parties.taken.values();
    const finishedAt = new Date().toISOString();
    const state = ending === 'promoted' ? 'promoted' : ending === 'rolled-back' ? 'rejected' : 'failed';
    return {
      ...this.#version,
      name: this.#name,
      before: this.#from.get(host)?.digest ?? null,
      state,
      deployer: this.parties.deployer,
      createdAt: entry?.openedAt ?? this.#beganAt,
      deployedAt: this.#deployedAt,
      finishedAt,
    };
  }

  /** Whoever goes on knows of it what the one before was told. */
  get #name(): ReleaseName | null {
    const [entry] = this.parties.taken.values();
    return entry?.name ?? this.parties.name;
  }

  async #confirm(): Promise<RolloutEvent> {
    if (this.#back === null) return { kind: 'done' };
    const followed = await this.#follow(this.#back.id);
    if (followed.kind === 'promote') return { kind: 'done' };
    if (followed.kind === 'interrupted') return followed;
    return { kind: 'failed', reason: `the old version: ${followed.kind}: ${followed.reason ?? ''}` };
  }
}

/** To the letter the same whoever asks, after a kill too: with one key the ledger takes one request. */
function returnOf(id: string, to: string | null, because: string): Return {
  return { to, reason: `deployment ${id} ${because}`, key: `${id}-back`, undoing: id };
}

/** What runs again was never promoted: the ledger has no gate for that, and knows by the failure what happened. */
function nullIfNeverGood(error: unknown): null {
  if (error instanceof LedgerRefusal && error.code === 'never-promoted') return null;
  throw error;
}

/** The deployment has left that state, say by a verdict: what is told comes too late, and the way back goes on. */
function unlessOver(error: unknown): void {
  if (!(error instanceof LedgerRefusal) || error.code !== 'invalid-transition') throw error;
}

async function done(work: Promise<unknown>): Promise<RolloutEvent> {
  await work;
  return { kind: 'done' };
}
