import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from '../../scripts/terminal.mjs';
import type { Stack } from './stack.ts';

const environment = 'dashboards';
const service = 'watched';
const slot = `/v1/services/${service}/environments/${environment}`;
const digests = ['4', '5'].map((digit) => `sha256:${digit.repeat(64)}`) as [string, string];
const PAUSE_MS = 50;
const FAILS_EVERY = 4;

const expectReady = [{ field: 'status', op: 'eq', value: 200 }];
const ready = { name: 'ready', type: 'http', url: '{host.url}/readyz', intervalSeconds: 1, expect: expectReady };
const up = {
  name: 'up',
  type: 'prometheus',
  query: 'sum(up{job="plimsoll"})',
  initialDelaySeconds: 0,
  intervalSeconds: 2,
  expect: [{ field: 'value', op: 'gte', value: 1 }],
};

/** What a team does all day, in seconds: reads, observations, deployments through a gate, an incident. */
export class StackLoad {
  readonly #stack: Stack;
  readonly #isOver: AbortSignal;
  #deployments = 0;

  constructor(stack: Stack, isOver: AbortSignal) {
    this.#stack = stack;
    this.#isOver = isOver;
  }

  /** Goes on until it is over. */
  async run(): Promise<void> {
    await this.#describe();
    await Promise.all([this.#again(() => this.#read()), this.#again(() => this.#deploy())]);
  }

  async #again(once: () => Promise<unknown>): Promise<void> {
    while (!this.#isOver.aborted) {
      await once();
      await delay(PAUSE_MS);
    }
  }

  async #describe(): Promise<void> {
    const send = (path: string, body: object) => this.#accepted('PUT', path, body);
    await send(`/v1/environments/${environment}`, { tier: 'development' });
    await send(`/v1/services/${service}`, { description: 'What the dashboards are looked at with' });
    for (const [index, digest] of digests.entries()) {
      await send(`/v1/services/${service}/releases/${digest}`, {
        version: `1.0.${index}`,
        gitSha: digest.slice(7, 47),
      });
    }
    const hosts = [{ name: 'a', url: 'http://app-2:3000' }];
    await send(`${slot}/hosts`, { hosts });
    await send(`${slot}/gate`, { warmUpSeconds: 0, bakeSeconds: 4, checks: [ready, up] });
    const title = 'The dashboards are looked at';
    await this.#accepted('POST', '/v1/incidents', { service, environment, title });
  }

  async #accepted(method: string, path: string, body: object): Promise<void> {
    const { status, body: answer } = await this.#stack.send(method, path, body);
    if (status >= 400) throw new Failure(`${method} ${path} answers ${status}: ${JSON.stringify(answer)}`);
  }

  async #read(): Promise<void> {
    await this.#stack.send('GET', slot);
    await this.#stack.send('GET', '/v1/services/nobody');
    await this.#stack.send('POST', `${slot}/observations`, { host: 'a', digest: digests[1] });
  }

  async #deploy(): Promise<void> {
    const body = { service, environment, digest: digests[0], kind: 'deploy' };
    const created = await this.#stack.send('POST', '/v1/deployments', body, { 'idempotency-key': randomUUID() });
    if (created.status !== 201) return;
    const { id, fence } = created.body as { id: string; fence: number };
    this.#deployments += 1;
    if (this.#deployments % FAILS_EVERY === 0) {
      await this.#stack.send('POST', `/v1/deployments/${id}/failed`, {
        fence,
        reason: 'of the load',
        hostsChanged: false,
      });
      return;
    }
    await this.#stack.send('POST', `/v1/deployments/${id}/deployed`, { fence });
    await this.#stack.send('GET', `/v1/deployments/${id}/verdict?wait=20`);
  }
}
