import { Inject, Injectable, Logger } from '@nestjs/common';
import { Redis } from 'ioredis';
import { SETTINGS, type Settings } from '../../operations/config/settings.js';
import { HealthChecks } from '../../operations/health/health-checks.js';
import { Shutdown } from '../../operations/lifecycle/shutdown.js';
import { collectedGauge } from '../../operations/metrics/collected.js';
import type { CircuitBreaker } from '../../operations/outbound/circuit-breaker.js';
import { OutboundCalls } from '../../operations/outbound/outbound-calls.js';

const LONGEST_PAUSE_MS = 2000;

/**
 * The connection to Redis, where there is one. Redis is a convenience: without it everything is as right, only slower.
 * So a command never waits for it: it fails at once while the connection is away, and after 500 ms in any case.
 */
@Injectable()
export class RedisConnection {
  /** Null without REDIS_URL. Whoever sends a command must go on without its answer. */
  readonly client: Redis | null;
  private readonly circuit: CircuitBreaker | null;
  private readonly logger = new Logger('Redis');

  constructor(
    @Inject(SETTINGS) { redisUrl }: Settings,
    outbound: OutboundCalls,
    checks: HealthChecks,
    shutdown: Shutdown,
  ) {
    const client = redisUrl === undefined ? null : this.connect(redisUrl);
    this.client = client;
    this.circuit = client && outbound.breaker('redis', { isAway: () => client.status !== 'ready' });
    if (client) {
      checks.register({ name: 'redis', required: false, check: async () => void (await client.ping()) });
      shutdown.steps.register('cache', 'redis', () => close(client));
      collectedGauge({
        name: 'redis_connection_state',
        help: '1 while the connection to Redis is ready for commands.',
        values: () => [{ value: client.status === 'ready' ? 1 : 0 }],
      });
    }
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
}

/** `quit` waits for what is under way; while Redis is away it is refused, and only `disconnect` ends the attempts. */
async function close(client: Redis): Promise<void> {
  await client.quit().catch(() => undefined);
  client.disconnect();
}
