import { answered, type PlimsollClient, type Schemas } from '../../client/plimsoll-client.js';
import { ProblemError } from '../../client/problem-error.js';
import { CommandFailure } from '../command-failure.js';
import type { HostStanding } from '../hosts/deploy-on-hosts.js';
import { openHosts } from '../hosts/open-hosts.js';
import type { ServicePlan } from '../hosts/host-plan.model.js';
import { inOrder, type Unreported } from '../hosts/unreported.js';
import { findRelease } from './release.js';

export interface ToReport {
  /** What no host serves any more, or never served for good. Oldest first. */
  readonly past: readonly Unreported[];
  /** What hosts serve: the gate can still watch it. */
  readonly served: Unreported | null;
}

export function toReport(standings: readonly HostStanding[]): ToReport {
  const all = inOrder(standings.flatMap(({ unreported }) => unreported));
  const isServed = ({ deployment, state }: Unreported): boolean =>
    state === 'promoted' && standings.some(({ live }) => live?.deployment === deployment);
  const served = all.findLast(isServed) ?? null;
  return { past: all.filter((one) => one !== served), served };
}

type Slot = Pick<ServicePlan, 'service' | 'environment'>;

/** Each one is a report that was cut off for as long as a lease lasts. */
const MOST_ATTEMPTS = 20;

/** Tells the ledger of deployments that it has not heard of. Every call may be repeated: the ledger takes each once. */
export class Reporter {
  constructor(
    private readonly client: PlimsollClient,
    private readonly slot: Slot,
    private readonly signal: AbortSignal,
  ) {}

  /** As history, with their own times and endings. It takes an admin, and moves nothing in a slot that is in use. */
  async tellPast(past: readonly Unreported[]): Promise<void> {
    if (past.length === 0) return;
    for (const entry of past) await this.#putRelease(entry);
    const lines = past.map((entry) => `${JSON.stringify(this.#lineOf(entry))}\n`).join('');
    // The lines as they are.
    const asTheyAre = {
      body: lines as never,
      bodySerializer: (text: unknown) => text as string,
      headers: { 'content-type': 'application/x-ndjson' },
    };
    const { refused } = await answered(this.client.POST('/v1/imports', { ...asTheyAre, signal: this.signal }));
    if (refused.length === 0) return;
    const why = refused.map(({ line, code, detail }) => `${past[line - 1]?.deployment}: ${detail} (${code})`);
    throw new CommandFailure('error', 'The ledger refused some of them.', { why: why.join('\n  ') });
  }

  /** As a deployment that has reached its hosts, which the gate of the slot judges now. */
  async tellServed(entry: Unreported, overrideFreeze: string | undefined): Promise<Schemas['Deployment']> {
    await this.#putRelease(entry);
    let retryOf: string | null = null;
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
      const { id }: Schemas['Deployment'] = await this.#create(entry, retryOf, overrideFreeze);
      // A repeated create is answered with the deployment as it was then.
      const created = await this.#get(id);
      // Whoever created it was cut off before it said that the hosts run it, and its lease ran out.
      if (created.state !== 'failed') return this.#deployed(created);
      retryOf = id;
    }
    throw new CommandFailure('error', `It was begun in the ledger ${MOST_ATTEMPTS} times, and failed each time.`, {
      why: `The newest of these deployments is ${retryOf}.`,
      mend: 'Deploy what the hosts serve again: then this is told as history. plimsoll history shows why it failed.',
    });
  }

  #create(
    entry: Unreported,
    retryOf: string | null,
    overrideFreeze: string | undefined,
  ): Promise<Schemas['Deployment']> {
    const { deployment, digest, before } = entry;
    const own = [externalIdOf(deployment), retryOf].filter((part) => part !== null).join('-');
    const body = {
      ...this.slot,
      digest,
      kind: before === digest ? ('redeploy' as const) : ('deploy' as const),
      externalId: own,
      retryOf,
      ...(overrideFreeze !== undefined && { override: { freeze: overrideFreeze } }),
    };
    const params = { header: { 'Idempotency-Key': own } };
    return answered(this.client.POST('/v1/deployments', { params, body, signal: this.signal }));
  }

  #get(id: string): Promise<Schemas['Deployment']> {
    return answered(this.client.GET('/v1/deployments/{id}', { params: { path: { id } }, signal: this.signal }));
  }

  #deployed({ id, fence }: Schemas['Deployment']): Promise<Schemas['Deployment']> {
    const call = this.client.POST('/v1/deployments/{id}/deployed', {
      params: { path: { id } },
      body: { fence },
      signal: this.signal,
    });
    return answered(call);
  }

  async #putRelease({ digest, name }: Unreported): Promise<void> {
    const { client, signal } = this;
    const { service } = this.slot;
    if ((await findRelease(client, service, digest, signal)) !== null) return;
    if (name === null) {
      throw new CommandFailure('usage', `The ledger has no release ${digest} of ${service}.`, {
        mend: `Put it, and report again: PUT /v1/services/${service}/releases/${digest}`,
      });
    }
    const params = { path: { service, digest } };
    const call = client.PUT('/v1/services/{service}/releases/{digest}', { params, body: name, signal });
    await answered(call);
  }

  #lineOf({ deployment, digest, before, state, createdAt, deployedAt, finishedAt, deployer }: Unreported): object {
    const kind = before === digest ? 'redeploy' : 'deploy';
    const times = { createdAt, deployedAt: state === 'promoted' ? (deployedAt ?? finishedAt) : deployedAt, finishedAt };
    const own = { ...this.slot, digest, kind, state, ...times, actor: deployer.slice(0, 200) };
    return { type: 'deployment', externalId: externalIdOf(deployment), ...own };
  }
}

/** By which the ledger knows it again, whoever tells of it and however often. */
function externalIdOf(deployment: string): string {
  return `plimsoll-unreported-${deployment}`;
}

/** Where the ledger has heard of them. A host that is away keeps its own, which are told again when it is back. */
export async function forget(plan: ServicePlan, entries: readonly Unreported[]): Promise<void> {
  await using opened = openHosts(plan, () => {});
  for (const { unreported } of opened.hosts) {
    for (const { deployment } of entries) await unreported.forget(deployment).catch(() => {});
  }
}

export function isNotAllowed(error: unknown): boolean {
  return error instanceof ProblemError && (error.status === 403 || error.status === 401);
}
