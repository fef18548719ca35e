import { Api, type Send } from './api.ts';
import type { Journal } from './journal.ts';
import { Random } from './random.ts';
import { readAll } from './reader.ts';
import { environment, SlotClient } from './slot-client.ts';
import type { Target } from './target.ts';
import { Writer } from './writer.ts';

/** Two contend for each slot, and two look at it. */
const writersOfSlot = 2;
const readersOfSlot = 2;

const gate = {
  identity: { url: '{host.url}/info', field: '/digest', consecutive: 1, withinSeconds: 60 },
  bakeSeconds: 5,
  checks: [
    {
      name: 'ready',
      type: 'http',
      url: '{host.url}/ready',
      intervalSeconds: 1,
      timeoutSeconds: 1,
      expect: [{ field: 'status', op: 'eq', value: 200 }],
    },
  ],
};

interface Given {
  readonly send: Send;
  readonly journal: Journal;
  readonly slots: readonly string[];
  readonly target: Target;
  readonly seed: number;
}

/** All who use the stack while it is broken. */
export class Clients {
  private readonly send: Send;
  private readonly api: Api;
  private readonly slots: readonly string[];
  private readonly target: Target;
  private readonly random: Random;
  private readonly ending = new AbortController();
  private working: Promise<unknown> = Promise.resolve();

  constructor({ send, journal, slots, target, seed }: Given) {
    this.send = send;
    this.api = new Api(send, journal, () => performance.now());
    this.slots = slots;
    this.target = target;
    this.random = new Random(seed);
  }

  /** What the slots are, before anything is broken. */
  async prepare(): Promise<void> {
    await this.put(`/v1/environments/${environment}`, { tier: 'development' });
    for (const slot of this.slots) {
      const path = `/v1/services/${slot}/environments/${environment}`;
      await this.put(`/v1/services/${slot}`, {});
      await this.put(`${path}/hosts`, { hosts: [{ name: 'a', url: `${this.target.urlInside}/hosts/${slot}` }] });
      await this.put(`${path}/gate`, gate);
    }
  }

  start(): void {
    const { signal } = this.ending;
    const work = this.slots.flatMap((slot) => {
      const client = new SlotClient(this.api, slot);
      const writers = Array.from({ length: writersOfSlot }, (_, n) => {
        const random = new Random(this.random.between(0, 2 ** 31));
        return new Writer(`${slot}-${'ab'[n]}`, client, this.target, random, signal).run();
      });
      return [...writers, ...Array.from({ length: readersOfSlot }, () => readAll(client, signal))];
    });
    this.working = Promise.all(work);
    // Whoever waits for it hears of it.
    this.working.catch(() => this.ending.abort());
  }

  /** What was begun is done to its end; then everything is read once more. */
  async end(): Promise<void> {
    this.ending.abort();
    await this.working;
    for (const slot of this.slots) await new SlotClient(this.api, slot).read();
  }

  close(): void {
    this.ending.abort();
  }

  private async put(path: string, body: object): Promise<void> {
    const answer = await this.send('PUT', path, body);
    if (answer.status >= 300) throw new Error(`PUT ${path} answered ${answer.status}: ${answer.body}`);
  }
}
