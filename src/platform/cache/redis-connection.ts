import { Injectable, Logger } from '@nestjs/common';
import { Redis } from 'ioredis';
import { Secrets } from '../../operations/config/secrets.js';
import { HealthChecks } from '../../operations/health/health-checks.js';
import { Shutdown } from '../../operations/lifecycle/shutdown.js';
import type { CircuitBreaker } from '../../operations/outbound/circuit-breaker.js';
import { OutboundCalls } from '../../operations/outbound/outbound-calls.js';

const LONGEST_PAUSE_MS = 2000;

/**
 * The connection to Redis, where there is one. Redis is a convenience: without it everything is as right, only slower.
 * So a command never waits for it: it fails at once while the connection is away, and after 500 ms in any case.
 * When REDIS_URL changes, the connection of before serves until one to the new URL is ready.
 */
@Injectable()
export class RedisConnection {
  private readonly circuit: CircuitBreaker | null;
  private readonly logger = new Logger('Redis');
  private current: Redis | null;
  /** To the new URL, until it is ready. */
  private next: Redis | null = null;

  constructor(
    private readonly secrets: Secrets,
    outbound: OutboundCalls,
    checks: HealthChecks,
    shutdown: Shutdown,
  ) {
    const url = secrets.get('redisUrl');
    this.current = url === undefined ? null : this.connect(url);
    this.circuit = this.current && outbound.breaker('redis', { isAway: () => this.current?.status !== 'ready' });
    if (this.current) {
      checks.register({ name: 'redis', required: false, check: async () => void (await this.client?.ping()) });
      secrets.onChange('redisUrl', () => this.renew());
      shutdown.steps.register('cache', 'redis', () => this.close());
    }
  }

  /** Null without REDIS_URL. Ask for it each time; whoever sends a command must go on without its answer. */
  get client(): Redis | null {
    return this.current;
  }

  /**
   * Asks Redis and takes its answer for a gift: null when it has none, at once while it is away, and for seconds after it
   * failed some times in a row.
   */
  async ask<Answer>(question: (client: Redis) => Promise<Answer>): Promise<Answer | null> {
    const { client, circuit } = this;
    if (client?.status !== 'ready' || !circuit) return null;
    return circuit.run(() => question(client)).catch(() => null);
  }

  private connect(url: string): Redis {
    const client = new Redis(url, {
      connectionName: 'plimsoll',
      connectTimeout: 2000,
      commandTimeout: 500,
      disconnectTimeout: 200,
      maxRetriesPerRequest: 1,
      enableOfflineQueue: false,
      retryStrategy: (attempt) => Math.min(attempt * 100, LONGEST_PAUSE_MS),
    });
    // An error that nobody hears ends the process; the health check tells of the outage, once.
    client.on('error', (error: Error) => this.logger.debug(error.message));
    return client;
  }

  private renew(): void {
    this.next?.disconnect();
    const next = this.connect(this.secrets.get('redisUrl')!);
    this.next = next;
    next.once('error', (error: Error) =>
      this.logger.warn(`The new REDIS_URL does not work yet (${reasonOf(error)}); the old one counts`),
    );
    next.once('ready', () => {
      if (this.next !== next) return;
      const before = this.current;
      [this.current, this.next] = [next, null];
      this.logger.log('The new REDIS_URL is used');
      if (before) void quit(before);
    });
  }

  private async close(): Promise<void> {
    this.next?.disconnect();
    this.next = null;
    if (this.current) await quit(this.current);
  }
}

/** `quit` waits for what is under way; while Redis is away it is refused, and only `disconnect` ends the attempts. */
async function quit(client: Redis): Promise<void> {
  await client.quit().catch(() => undefined);
  client.disconnect();
}

/** `WRONGPASS`, `ECONNREFUSED` and their like, without what follows. */
function reasonOf({ message, code }: Error & { code?: unknown }): string {
  return typeof code === 'string' ? code : (/\b[A-Z]{4,20}\b/.exec(message)?.[0] ?? 'no answer');
}
