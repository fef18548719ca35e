import { setTimeout as delay } from 'node:timers/promises';
import { Api } from './api.js';
import { containerOf, healthy, podman } from './stack.mjs';

const perSecond = 200;
const digest = `sha256:${'3'.repeat(64)}`;
const slot = '/v1/services/loaded/environments/sandbox';

/** Requests on connections that are kept, so many a second by a schedule of its own: who is late catches up. */
class Load {
  readonly failures: string[] = [];
  sent = 0;
  readonly #inFlight = new Set<Promise<void>>();
  readonly #startedAt = performance.now();
  readonly #timer = setInterval(() => this.#sendDue(), 1000 / perSecond);

  constructor(private readonly api: Api) {}

  /** What the schedule asks for by now. */
  get due(): number {
    return Math.floor(((performance.now() - this.#startedAt) / 1000) * perSecond);
  }

  async end(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#inFlight);
  }

  #sendDue(): void {
    for (const { due } = this; this.sent < due;) {
      this.sent += 1;
      const one = this.#send(this.sent % 2 === 0 ? 200 : 202).finally(() => this.#inFlight.delete(one));
      this.#inFlight.add(one);
    }
  }

  async #send(wanted: 200 | 202): Promise<void> {
    const observation = { host: 'a', digest };
    const answer =
      wanted === 200 ? this.api.send('GET', slot) : this.api.send('POST', `${slot}/observations`, observation);
    await answer.then(
      ({ status, body }) => status === wanted || this.failures.push(`${status} ${JSON.stringify(body)}`),
      (error: Error) => this.failures.push(error.message),
    );
  }
}

describe('a rolling restart', () => {
  let api: Api;

  beforeAll(async () => {
    api = await Api.connect();
    await api.send('PUT', '/v1/environments/sandbox', { tier: 'development' });
    await api.send('PUT', '/v1/services/loaded', { description: 'Asked for during restarts' });
    await api.send('PUT', `/v1/services/loaded/releases/${digest}`, { version: '1.0.0', gitSha: '3'.repeat(40) });
    await api.send('PUT', `${slot}/hosts`, { hosts: [{ name: 'a', url: 'http://app-1:3000' }] });
  });

  afterAll(() => api.close());

  it(`loses none of ${perSecond} requests a second, reading and writing`, async () => {
    const load = new Load(api);
    for (const service of ['app-1', 'app-2']) {
      await podman('stop', '--time', '30', containerOf(service));
      expect(await podman('inspect', '--format', '{{.State.ExitCode}}', containerOf(service))).toBe('0');
      await podman('start', containerOf(service));
      await healthy(service);
      // The proxy looks every second.
      await delay(2000);
    }
    const { due } = load;
    await load.end();
    process.stdout.write(`${load.sent} requests of ${due} that were due, ${load.failures.length} failed\n`);
    expect(load.failures).toEqual([]);
    expect(load.sent).toBeGreaterThanOrEqual(0.95 * due);
  });

  it('is cut short by a second SIGTERM: the process ends at once, with 130', async () => {
    const name = containerOf('app-2');
    await podman('kill', '--signal', 'TERM', name);
    await podman('kill', '--signal', 'TERM', name);
    expect(await podman('wait', name)).toBe('130');
    // Who kills by hand starts by hand: Podman takes it for wanted.
    await podman('start', name);
    await healthy('app-2');
  });
});
