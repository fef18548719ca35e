import { setTimeout as delay } from 'node:timers/promises';
import { LedgerRefusal, type Ledger, type LedgerDeployment, type LedgerVerdict } from './ledger.js';

const TIMEOUT_MS = 10_000;
const PAUSE_MS = 1000;
/** How long a call is repeated that was not answered, or with 5xx. Every call may be. Nothing is begun after long. */
const BEGIN_WITHIN_MS = 5000;
/** What hosts went through has to be told, and Plimsoll may be what is deployed. Less than the lease of 15 minutes. */
const TELL_WITHIN_MS = 10 * 60_000;

export interface ApiLedgerOptions {
  readonly url: string;
  readonly token: string;
  readonly service: string;
  readonly environment: string;
  /** The same for each try of one run: it gets the deployment that it began. */
  readonly key: string;
}

interface Problem {
  readonly type?: string;
  readonly title?: string;
  readonly detail?: string;
  readonly holder?: LedgerRefusal['holder'];
}

/** The ledger that Plimsoll's API keeps. */
export class ApiLedger implements Ledger {
  constructor(private readonly options: ApiLedgerOptions) {}

  create(digest: string, retryOf: string | null): Promise<LedgerDeployment> {
    const { service, environment, key } = this.options;
    const own = retryOf === null ? key : `${key}-retry-${retryOf}`;
    const body = { service, environment, digest, retryOf, externalId: own };
    return this.#call('POST', '/v1/deployments', body, own, { withinMs: BEGIN_WITHIN_MS });
  }

  get(id: string): Promise<LedgerDeployment> {
    return this.#call('GET', `/v1/deployments/${id}`, undefined, undefined, { withinMs: BEGIN_WITHIN_MS });
  }

  async heartbeat({ id, fence }: LedgerDeployment): Promise<void> {
    await this.#call('POST', `/v1/deployments/${id}/heartbeat`, { fence }, undefined, { withinMs: 0 });
  }

  async deployed({ id, fence }: LedgerDeployment): Promise<void> {
    await this.#call('POST', `/v1/deployments/${id}/deployed`, { fence });
  }

  async failed({ id, fence }: LedgerDeployment, reason: string, hostsChanged: boolean): Promise<void> {
    await this.#call('POST', `/v1/deployments/${id}/failed`, { fence, reason, hostsChanged });
  }

  rollBack(to: string | null, reason: string, key: string): Promise<LedgerDeployment> {
    const { service, environment } = this.options;
    const path = `/v1/services/${service}/environments/${environment}/rollback`;
    return this.#call('POST', path, { reason: reason.slice(0, 1000), to }, key);
  }

  async returnDigests(): Promise<readonly string[]> {
    const { service, environment } = this.options;
    interface Slot {
      readonly runningRelease: { readonly digest: string } | null;
      readonly lastKnownGood: { readonly digest: string } | null;
    }
    const slot = await this.#call<Slot>('GET', `/v1/services/${service}/environments/${environment}`);
    return [slot.runningRelease, slot.lastKnownGood].flatMap((release) => (release === null ? [] : [release.digest]));
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

  async #call<T>(
    method: string,
    path: string,
    body?: object,
    key?: string,
    { withinMs = TELL_WITHIN_MS, waitSeconds = 0, signal }: CallOptions = {},
  ): Promise<T> {
    const headers = {
      authorization: `Bearer ${this.options.token}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(key !== undefined && { 'idempotency-key': key }),
    };
    const send = async (): Promise<Response> => {
      const timeout = AbortSignal.timeout(TIMEOUT_MS + waitSeconds * 1000);
      const request = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
      const either = signal === undefined ? timeout : AbortSignal.any([timeout, signal]);
      return fetch(new URL(path, this.options.url), { ...request, signal: either });
    };
    const response = await insistently(send, withinMs, signal);
    const answer: unknown = await response.json();
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
