import type { Redis } from 'ioredis';
import type { z } from 'zod';
import { tracing } from '../../operations/tracing/tracing.js';
import type { CacheMeter } from './cache-meter.js';
import type { RedisConnection } from './redis-connection.js';

/** What asking Redis may cost while it is slow; beyond that the answer comes from elsewhere. */
const ANSWER_WITHIN_MS = 50;
const KEPT_FOR_S = 86_400;
const commands = { shared_get: 'MGET', shared_set: 'SET' } as const;

/** The tier that instances share. It never fails: what cannot be had, or kept, is not there. */
export class SharedTier<Value> {
  /** `schema` judges what comes back: another version may have put it there. */
  constructor(
    private readonly redis: Pick<RedisConnection, 'ask'>,
    private readonly prefix: string,
    private readonly schema: z.ZodType<Value>,
    private readonly meter: CacheMeter,
  ) {}

  async getMany(keys: readonly string[]): Promise<Map<string, Value>> {
    const texts = await this.#ask('shared_get', (redis) => redis.mget(keys.map((key) => this.prefix + key)));
    if (!texts) return new Map();
    const found = new Map(keys.flatMap((key, index) => this.#entry(key, texts[index])));
    this.meter.count('shared_get', 'hit', found.size);
    this.meter.count('shared_get', 'miss', keys.length - found.size);
    return found;
  }

  async setMany(values: ReadonlyMap<string, Value>): Promise<void> {
    const done = await this.#ask('shared_set', (redis) =>
      Promise.all(
        [...values].map(([key, value]) => redis.set(this.prefix + key, JSON.stringify(value), 'EX', KEPT_FOR_S)),
      ),
    );
    this.meter.count('shared_set', 'ok', done?.length ?? 0);
  }

  #entry(key: string, text: string | null | undefined): Array<[string, Value]> {
    const parsed = this.schema.safeParse(jsonOf(text ?? ''));
    return parsed.success ? [[key, parsed.data]] : [];
  }

  #ask<Answer>(op: keyof typeof commands, question: (redis: Redis) => Promise<Answer>): Promise<Answer | null> {
    return this.redis.ask((redis) =>
      this.meter.time(op, () => {
        const answer = within(ANSWER_WITHIN_MS, question(redis));
        tracing.spans?.command(commands[op], answer);
        return answer;
      }),
    );
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function within<Value>(ms: number, value: Promise<Value>): Promise<Value> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`no answer within ${ms} ms`)), ms);
  return Promise.race([value, late.promise]).finally(() => clearTimeout(timer));
}
