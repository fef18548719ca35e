import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Answer } from '../drills/proxy.ts';
import type { Call, Journal, Outcome } from './journal.ts';

export type Send = (method: string, path: string, body?: object, added?: object) => Promise<Answer>;
export type Body = Readonly<Record<string, unknown>>;

/** What is known of a call before it is made, and what is read from its answer. */
export type Subject = Pick<Call, 'slot' | 'act' | 'attempt' | 'deployment'>;
export type Reading = Pick<Call, 'sees' | 'state' | 'verdict' | 'activeOnes' | 'deployment'>;

export interface Result {
  readonly outcome: Outcome;
  readonly status: number;
  readonly body: Body;
}

interface Wish extends Subject {
  readonly method: string;
  readonly path: string;
  readonly body?: object;
  /** What the answer says, also of a refusal. */
  readonly read?: (body: Body, status: number) => Reading;
}

/** A write of unknown outcome is asked for again under the same key for so long. */
const insistForMs = 60_000;
const pauseMs = 700;

/** The API as clients of chaos use it: every call ends within a limit, and stands in the journal. */
export class Api {
  private readonly send: Send;
  private readonly journal: Journal;
  private readonly now: () => number;

  constructor(send: Send, journal: Journal, now: () => number) {
    this.send = send;
    this.journal = journal;
    this.now = now;
  }

  /** Once: who reads reads again. */
  async read(wish: Wish): Promise<Result> {
    const invokedAt = this.now();
    return this.note(wish, invokedAt, await this.once(wish, {}));
  }

  /** Until it is known what has become of it, or the patience of a client is over. */
  async write(wish: Wish): Promise<Result> {
    const invokedAt = this.now();
    const headers = wish.act === 'start' || wish.act === 'rollback' ? { 'idempotency-key': randomUUID() } : {};
    let wasUnknown = false;
    for (;;) {
      const result = await this.once(wish, headers);
      if (result.outcome === 'acknowledged') return this.note(wish, invokedAt, result);
      if (result.outcome === 'refused') {
        // An earlier try may still take effect: nobody knows.
        return this.note(wish, invokedAt, wasUnknown ? { ...result, outcome: 'unknown' } : result);
      }
      wasUnknown = true;
      if (this.now() - invokedAt > insistForMs) return this.note(wish, invokedAt, result);
      await delay(pauseMs);
    }
  }

  private async once({ method, path, body }: Wish, headers: object): Promise<Result> {
    try {
      const answer = await this.send(method, path, body, headers);
      return { outcome: outcomeOf(answer), status: answer.status, body: bodyOf(answer) };
    } catch {
      return { outcome: 'unknown', status: 0, body: {} };
    }
  }

  private note({ slot, act, attempt, deployment, read }: Wish, invokedAt: number, result: Result): Result {
    const { outcome, status } = result;
    const subject = {
      slot,
      act,
      ...(attempt !== undefined && { attempt }),
      ...(deployment !== undefined && { deployment }),
    };
    const said = outcome === 'unknown' ? {} : (read?.(result.body, status) ?? {});
    this.journal.add({ ...subject, ...said, invokedAt, returnedAt: this.now(), outcome, status });
    return result;
  }
}

/** Only an answer of Plimsoll itself says that nothing was done; the proxy's own, and a 5xx, leave it open. */
function outcomeOf(answer: Answer): Outcome {
  if (answer.status >= 200 && answer.status < 400) return 'acknowledged';
  const code = codeOf(bodyOf(answer));
  const isOpen = answer.status >= 500 || answer.status === 429 || code === 'idempotency-in-flight' || code === '';
  return isOpen ? 'unknown' : 'refused';
}

export const codeOf = ({ type }: Body) => (typeof type === 'string' ? (type.split(/[/#:]/).at(-1) ?? '') : '');

function bodyOf({ body }: Answer): Body {
  try {
    return JSON.parse(body) as Body;
  } catch {
    return {};
  }
}
