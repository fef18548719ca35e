import type { Api } from './api.js';

/** A slow machine gets a quarter of what it can do: what is shown is that a restart loses nothing, not how much it bears. */
export const mostPerSecond = 200;
const probes = 200;
export const digest = `sha256:${'3'.repeat(64)}`;
export const slot = '/v1/services/loaded/environments/sandbox';

/** Several, so that writes wait for the database and not for each other's row. */
const hosts = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

/** Requests on connections that are kept, so many a second by a schedule of its own: who is late catches up. */
export class Load {
  private readonly failures: string[] = [];
  private sent = 0;
  readonly #inFlight = new Set<Promise<void>>();
  readonly #startedAt = performance.now();
  readonly #timer = setInterval(() => this.#sendDue(), 5);

  private constructor(
    private readonly api: Api,
    private readonly perSecond: number,
  ) {}

  /** What comes of a load that lasts as long as the work. */
  static async during(api: Api, work: () => Promise<void>): Promise<{ failures: readonly string[]; share: number }> {
    const load = await Load.begin(api);
    let outcome;
    try {
      await work();
    } finally {
      outcome = await load.#end();
    }
    return outcome;
  }

  /** Makes what is asked for, and begins. */
  private static async begin(api: Api): Promise<Load> {
    await api.send('PUT', '/v1/environments/sandbox', { tier: 'development' });
    await api.send('PUT', '/v1/services/loaded', { description: 'Asked for during restarts' });
    await api.send('PUT', `/v1/services/loaded/releases/${digest}`, { version: '1.0.0', gitSha: '3'.repeat(40) });
    await api.send('PUT', `${slot}/hosts`, {
      hosts: hosts.map((name) => ({ name, url: 'http://app-1:3000' })),
    });
    return new Load(api, await Load.bearable(api));
  }

  private static async bearable(api: Api): Promise<number> {
    const startedAt = performance.now();
    for (let sent = 0; sent < probes; sent += 10) {
      await Promise.all(Array.from({ length: 10 }, () => api.send('GET', slot)));
    }
    const possible = (probes * 1000) / (performance.now() - startedAt);
    return Math.max(10, Math.min(mostPerSecond, Math.round(possible / 4)));
  }

  /** `share` is that of the requests that the schedule asked for. */
  async #end(): Promise<{ failures: readonly string[]; share: number }> {
    const due = Math.floor(((performance.now() - this.#startedAt) / 1000) * this.perSecond);
    clearInterval(this.#timer);
    await Promise.all(this.#inFlight);
    process.stdout.write(
      `${this.sent} requests of ${due} that were due, ${this.perSecond} a second, ${this.failures.length} failed\n`,
    );
    return { failures: this.failures, share: this.sent / due };
  }

  #sendDue(): void {
    const due = ((performance.now() - this.#startedAt) / 1000) * this.perSecond;
    for (; this.sent < due; this.sent += 1) {
      const one = this.#send(this.sent % 2 === 0 ? 200 : 202).finally(() => this.#inFlight.delete(one));
      this.#inFlight.add(one);
    }
  }

  async #send(wanted: 200 | 202): Promise<void> {
    const observation = { host: hosts[this.sent % hosts.length], digest };
    const answer =
      wanted === 200 ? this.api.send('GET', slot) : this.api.send('POST', `${slot}/observations`, observation);
    await answer.then(
      ({ status, body }) => status === wanted || this.failures.push(`${status} ${JSON.stringify(body)}`),
      (error: Error) => this.failures.push(error.message),
    );
  }
}
