import { setTimeout as delay } from 'node:timers/promises';
import { withoutSlash } from '../../client/plimsoll-client.js';
import { returnable } from './prune.model.js';
import { LedgerRefusal, type Ledger, type LedgerDeployment, type LedgerVerdict, type Return } from './ledger.js';

const TIMEOUT_MS = 10_000;
const PAUSE_MS = 1000;
/** How long a call is repeated that was not answered, or with 5xx. Every call may be. Nothing is begun after long. */
const BEGIN_WITHIN_MS = 5000;
/** What hosts went through has to be told, and Plimsoll may be what is deployed. Less than the lease of 15 minutes. */
const TELL_WITHIN_MS = 10 * 60_000;

export interface ApiLedgerOptions {
  readonly url: string;
  /** Asked for with each call, so that a token of an issuer may be a new one each time. */
  readonly token: () => string | Promise<string>;
  readonly service: string;
  readonly environment: string;
  /** The same for each try of one run: it gets the deployment that it began. */
  readonly key: string;
  readonly kind?: 'deploy' | 'redeploy';
  /** What has to run there still. */
  readonly expectedPrevious?: string | null;
  /** Refused where what runs has a later one. */
  readonly sequenceKey?: string;
  /** Why it is to be deployed although a freeze is on. */
  readonly overrideFreeze?: string;
}

/** Promoted deployments in which a release to go back to is looked for. */
const MOST_LOOKED_THROUGH = 50;

/** By which a deployment is known again that a command has begun. */
const OWN = 'plimsoll-';

interface ApiDeployment extends LedgerDeployment {
  readonly externalId: string | null;
  readonly remediates: string | null;
  readonly bad: boolean;
}

interface ApiSlot {
  readonly runningRelease: { readonly digest: string } | null;
  readonly lastKnownGood: { readonly digest: string } | null;
  readonly activeDeployment: { readonly id: string } | null;
}

interface Problem {
  readonly type?: string;
  readonly title?: string;
  readonly detail?: string;
  readonly holder?: LedgerRefusal['holder'];
}

/** The ledger that Plimsoll's API keeps. */
export class ApiLedger implements Ledger {
  #failures = 0;

  constructor(private readonly options: ApiLedgerOptions) {}

  create(digest: string, retryOf: string | null): Promise<LedgerDeployment> {
    const { service, environment, key, kind = 'deploy', expectedPrevious = null, sequenceKey = null } = this.options;
    const { overrideFreeze } = this.options;
    // The key of one that has failed would bring that one back.
    const own = [`${OWN}${key}`, retryOf, this.#failures || null].filter((part) => part !== null).join('-');
    const override = overrideFreeze === undefined ? null : { freeze: overrideFreeze };
    const expected = { expectedPrevious, sequenceKey };
    const body = { service, environment, digest, kind, retryOf, externalId: own, ...expected, override };
    return this.#call('POST', '/v1/deployments', body, own, { withinMs: BEGIN_WITHIN_MS });
  }

  get(id: string): Promise<LedgerDeployment> {
    return this.#deployment(id);
  }

  async begun(): Promise<LedgerDeployment | null> {
    const active = (await this.#slot(BEGIN_WITHIN_MS)).activeDeployment;
    if (active === null) return null;
    const deployment = await this.#deployment(active.id);
    const isOwn = deployment.kind === 'rollback' || (deployment.externalId ?? '').startsWith(OWN);
    return isOwn && deployment.state === 'in_progress' ? deployment : null;
  }

  async heartbeat({ id, fence }: LedgerDeployment): Promise<void> {
    await this.#call('POST', `/v1/deployments/${id}/heartbeat`, { fence }, undefined, { withinMs: 0 });
  }

  async deployed({ id, fence }: LedgerDeployment): Promise<void> {
    await this.#call('POST', `/v1/deployments/${id}/deployed`, { fence });
  }

  async failed({ id, fence }: LedgerDeployment, reason: string, hostsChanged: boolean): Promise<void> {
    this.#failures += 1;
    await this.#call('POST', `/v1/deployments/${id}/failed`, { fence, reason, hostsChanged });
  }

  async rollBack({ to, reason, key, undoing, force = false }: Return): Promise<LedgerDeployment> {
    const body = { reason: reason.slice(0, 1000), to, force };
    try {
      return await this.#call<LedgerDeployment>('POST', `${this.#slotPath}/rollback`, body, key);
    } catch (error) {
      if (undoing === null || !(error instanceof LedgerRefusal) || error.code !== 'slot-busy') throw error;
      // Whoever began it may have had another token, to which the key does not belong.
      const begun = await this.rollbackOf(undoing);
      if (begun !== null) return begun;
      throw error;
    }
  }

  async rollbackOf(id: string): Promise<LedgerDeployment | null> {
    const active = (await this.#slot(TELL_WITHIN_MS)).activeDeployment;
    if (active === null) return null;
    const { kind, remediates, state, ...rest } = await this.#deployment(active.id);
    return kind === 'rollback' && remediates === id && state === 'in_progress' ? { ...rest, kind, state } : null;
  }

  async returnDigests(): Promise<readonly string[]> {
    const { service, environment } = this.options;
    const { runningRelease, lastKnownGood } = await this.#slot(TELL_WITHIN_MS);
    const running = runningRelease?.digest ?? null;
    const query = new URLSearchParams({ service, environment, state: 'promoted', limit: String(MOST_LOOKED_THROUGH) });
    const { items } = await this.#call<{ items: ApiDeployment[] }>('GET', `/v1/deployments?${query}`);
    const promoted = items.map(({ release, bad }) => ({ digest: release.digest, isBad: bad }));
    const known = [running, lastKnownGood?.digest ?? null].filter((digest) => digest !== null);
    return [...new Set([...known, ...returnable(promoted, running)])];
  }

  async verdict(id: string, waitSeconds: number, signal: AbortSignal): Promise<LedgerVerdict> {
    const path = `/v1/deployments/${id}/verdict?wait=${waitSeconds}`;
    return this.#call<LedgerVerdict>('GET', path, undefined, undefined, { waitSeconds, signal }).catch(
      (error: unknown) => {
        if (!signal.aborted) throw error;
        return { verdict: 'pending', state: 'verifying', rollbackTo: null, reasons: [], progress: null };
      },
    );
  }

  get #slotPath(): string {
    return `/v1/services/${this.options.service}/environments/${this.options.environment}`;
  }

  #slot(withinMs: number): Promise<ApiSlot> {
    return this.#call('GET', this.#slotPath, undefined, undefined, { withinMs });
  }

  #deployment(id: string): Promise<ApiDeployment> {
    return this.#call('GET', `/v1/deployments/${id}`, undefined, undefined, { withinMs: BEGIN_WITHIN_MS });
  }

  async #call<T>(
    method: string,
    path: string,
    body?: object,
    key?: string,
    { withinMs = TELL_WITHIN_MS, waitSeconds = 0, signal }: CallOptions = {},
  ): Promise<T> {
    const headers = {
      'user-agent': 'plimsoll-cli',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(key !== undefined && { 'idempotency-key': key }),
    };
    const send = async (): Promise<Response> => {
      const timeout = AbortSignal.timeout(TIMEOUT_MS + waitSeconds * 1000);
      const authorization = `Bearer ${await this.options.token()}`;
      const request = {
        method,
        headers: { ...headers, authorization },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      };
      const either = signal === undefined ? timeout : AbortSignal.any([timeout, signal]);
      return fetch(`${withoutSlash(this.options.url)}${path}`, { ...request, signal: either });
    };
    const response = await insistently(send, withinMs, signal);
    const answer: unknown = await response.json().catch(() => ({}));
    if (response.ok) return answer as T;
    throw refusalOf(response.status, answer as Problem);
  }
}

interface CallOptions {
  readonly withinMs?: number;
  readonly waitSeconds?: number;
  readonly signal?: AbortSignal;
}

async function insistently(
  send: () => Promise<Response>,
  withinMs: number,
  signal: AbortSignal | undefined,
): Promise<Response> {
  const giveUpAt = Date.now() + withinMs;
  for (;;) {
    const response = await send().catch((error: Error) => error);
    const isPassing = response instanceof Error || response.status >= 500 || response.status === 429;
    if (!isPassing) return response;
    signal?.throwIfAborted();
    if (Date.now() > giveUpAt) {
      const why = response instanceof Error ? response : new Error(`it answered ${response.status}`);
      throw new Error(`the ledger does not answer: ${why.message}`, { cause: why });
    }
    await delay(PAUSE_MS);
  }
}

function refusalOf(status: number, { type = '', title, detail, holder }: Problem): LedgerRefusal {
  const code = type.split(':').at(-1) ?? '';
  const holds = holder
    ? `; ${holder.actor} holds it (deployment ${holder.id}) until ${holder.deadline ?? 'it ends'}`
    : '';
  return new LedgerRefusal(
    `the ledger refused: ${detail ?? title ?? `status ${status}`}${holds}`,
    status,
    code,
    holder ?? null,
  );
}
