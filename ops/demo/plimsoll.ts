import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CheckoutHost } from './checkout-host.ts';
import { FollowedEvents } from './followed-events.ts';
import type { Image } from './images.ts';

export const service = 'checkout';
export const environment = 'demo';
const slotPath = `/v1/services/${service}/environments/${environment}`;

export interface Deployment {
  id: string;
  kind: string;
  state: string;
  fence: number;
  sequence: number;
  release: { digest: string; version: string };
  verdict: string;
  reason: string | null;
  createdAt: string;
  finishedAt: string | null;
}

export interface Measurement {
  check: string;
  host: string;
  n: number;
  outcome: string;
  value: number | null;
  detail: string | null;
}

export type DryReading = Omit<Measurement, 'n'>;

interface Reason {
  code: string;
  check?: string;
  host?: string;
  detail: string;
}

export interface Verdict {
  verdict: string;
  rollbackTo: { digest: string; version: string } | null;
  reasons: Reason[];
  /** What a gate that is only tried would have said. */
  shadowVerdict?: { verdict: string; reasons: Reason[] } | null;
  progress: { done: number; planned: number };
}

export interface Slot {
  runningRelease: { digest: string; version: string } | null;
  lastKnownGood: { version: string } | null;
  activeDeployment: { id: string; state: string; fence: number } | null;
}

export interface Freeze {
  id: string;
  reason: string;
  from: string;
  to: string;
}

export interface Incident {
  title: string;
  status: string;
  deploymentId: string | null;
  attribution: string;
}

/** An answer of 400 and above, with the words of its problem document. */
export class Refused extends Error {
  readonly status: number;
  /** The code at the end of the problem's type. */
  readonly code: string;

  constructor(
    what: string,
    status: number,
    problem: { type?: string; title?: string; detail?: string; errors?: unknown },
  ) {
    const errors = problem.errors ? ` ${JSON.stringify(problem.errors)}` : '';
    super(`${what} answers ${status}: ${problem.detail ?? problem.title ?? 'no detail'}${errors}`);
    this.status = status;
    this.code = problem.type?.split(':').at(-1) ?? '';
  }
}

/** The public API, as far as a pipeline needs it; nothing here is known to Plimsoll beforehand. */
export class Plimsoll {
  readonly #url: string;
  readonly #token: string;

  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  async describe(hosts: readonly CheckoutHost[], gate: unknown): Promise<void> {
    await this.#send('PUT', `/v1/environments/${environment}`, {
      tier: 'development',
      description: 'Where the demonstration of npm start takes place',
    });
    await this.#send('PUT', `/v1/services/${service}`, {
      description: 'The shop that the demonstration deploys',
      repository: 'https://git.example.com/shop/checkout',
      owner: 'payments',
    });
    await this.#send('PUT', `${slotPath}/hosts`, { hosts: hosts.map(({ name, url }) => ({ name, url })) });
    await this.putGate(gate);
  }

  async putGate(gate: unknown): Promise<void> {
    await this.#send('PUT', `${slotPath}/gate`, gate);
  }

  /** Ends the deployment that an interrupted demonstration left in the slot. */
  async clearSlot(): Promise<void> {
    for (;;) {
      const { activeDeployment } = await this.slot();
      if (activeDeployment === null) return;
      const { id, state, fence } = activeDeployment;
      const reason = 'left behind by an earlier demonstration';
      const path = `/v1/deployments/${id}`;
      // It may end by itself at this moment; then it is refused, and the slot tells.
      await (
        state === 'on_hold'
          ? this.#send('POST', `${path}/decision`, { decision: 'reject', reason })
          : state === 'verifying'
            ? this.#send('POST', `${path}/cancel`, { fence, reason, hostsChanged: true })
            : this.#send('POST', `${path}/failed`, { fence, reason, hostsChanged: true })
      ).catch(ignoreConflict);
      await sleep(100);
    }
  }

  async register({ digest, version, gitSha, builtAt, commits }: Image): Promise<void> {
    await this.#send('PUT', `/v1/services/${service}/releases/${digest}`, { version, gitSha, builtAt, commits });
  }

  deploy({ digest }: Image, kind: 'deploy' | 'redeploy'): Promise<Deployment> {
    return this.#send('POST', '/v1/deployments', { service, environment, digest, kind }, newKey());
  }

  rollBack(reason: string): Promise<Deployment> {
    return this.#send('POST', `${slotPath}/rollback`, { reason }, newKey());
  }

  /** What every check of the gate reads now; it changes nothing. */
  async dryRun(): Promise<DryReading[]> {
    return (await this.#send<{ checks: DryReading[] }>('POST', `${slotPath}/gate/dry-run`, {})).checks;
  }

  follow(): Promise<FollowedEvents> {
    return FollowedEvents.open(`${this.#url}/v1/events?service=${service}&environment=${environment}`, this.#token);
  }

  freeze(reason: string, hours: number): Promise<Freeze> {
    const [from, to] = [0, hours].map((after) => new Date(Date.now() + after * 3_600_000).toISOString());
    return this.#send('POST', '/v1/freezes', { environment, from, to, reason });
  }

  /** When the next deployment may start. */
  async nextOpen(): Promise<string | null> {
    const path = `/v1/environments/${environment}/freeze`;
    return (await this.#send<{ nextOpen: string | null }>('GET', path)).nextOpen;
  }

  /** Takes back every freeze of the environment, also what an interrupted demonstration left. */
  async thaw(): Promise<void> {
    const query = new URLSearchParams({ environment, limit: '200' });
    const { items } = await this.#send<{ items: { id: string; environment: string | null }[] }>(
      'GET',
      `/v1/freezes?${query}`,
    );
    for (const freeze of items.filter((each) => each.environment === environment)) {
      await this.#send('DELETE', `/v1/freezes/${freeze.id}`);
    }
  }

  async reportDeployed({ id, fence }: Deployment): Promise<void> {
    await this.#send('POST', `/v1/deployments/${id}/deployed`, { fence });
  }

  slot(): Promise<Slot> {
    return this.#send('GET', slotPath);
  }

  /** Plays Alertmanager: one alert of the demonstration's service, which began at `startsAt` and has ended by now. */
  async alert(name: string, { id }: Deployment, startsAt: Date): Promise<Incident | undefined> {
    const labels = { alertname: name, service, environment, deployment: id };
    const times = { startsAt: startsAt.toISOString(), endsAt: new Date().toISOString() };
    const alert = { status: 'resolved', labels, annotations: {}, fingerprint: randomUUID(), ...times };
    await this.#send('POST', '/v1/webhooks/alertmanager', { version: '4', alerts: [alert] });
    const query = new URLSearchParams({ service, environment, limit: '1' });
    const { items } = await this.#send<{ items: Incident[] }>('GET', `/v1/incidents?${query}`);
    return items[0];
  }

  verdict({ id }: Deployment, waitSeconds: number): Promise<Verdict> {
    return this.#send('GET', `/v1/deployments/${id}/verdict?wait=${waitSeconds}`);
  }

  async measurements({ id }: Deployment): Promise<Measurement[]> {
    const { items } = await this.#send<{ items: Measurement[] }>('GET', `/v1/deployments/${id}/measurements?limit=200`);
    return items;
  }

  async ledger(limit: number): Promise<Deployment[]> {
    const query = new URLSearchParams({ service, environment, limit: String(limit) });
    const { items } = await this.#send<{ items: Deployment[] }>('GET', `/v1/deployments?${query}`);
    return items;
  }

  async #send<Answer>(method: string, path: string, body?: unknown, headers: object = {}): Promise<Answer> {
    const response = await fetch(this.#url + path, {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json().catch(() => ({}));
    if (response.ok) return answer as Answer;
    throw new Refused(`${method} ${path}`, response.status, answer as object);
  }
}

/** A pipeline that retries sends the same key again, and gets the same deployment. */
const newKey = () => ({ 'idempotency-key': randomUUID() });

function ignoreConflict(error: unknown): void {
  if (!(error instanceof Refused && error.status === 409)) throw error;
}
