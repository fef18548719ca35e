import { Inject, Injectable, Logger } from '@nestjs/common';
import { Redis } from 'ioredis';
import { SETTINGS, type Settings } from '../../operations/config/settings.js';
import { HealthChecks } from '../../operations/health/health-checks.js';
import { Shutdown } from '../../operations/lifecycle/shutdown.js';
import { collectedGauge } from '../../operations/metrics/collected.js';

const LONGEST_PAUSE_MS = 2000;

/**
 * The connection to Redis, where there is one. Redis is a convenience: without it everything is as right, only slower.
 * So a command never waits for it: it fails at once while the connection is away, and after 500 ms in any case.
 */
@Injectable()
export class RedisConnection {
  /** Null without REDIS_URL. Whoever sends a command must go on without its answer. */
  readonly client: Redis | null;
  private readonly logger = new Logger('Redis');

  constructor(@Inject(SETTINGS) { redisUrl }: Settings, checks: HealthChecks, shutdown: Shutdown) {
    this.client = redisUrl === undefined ? null : this.connect(redisUrl);
    if (this.client) {
      const { client } = this;
      checks.register({ name: 'redis', required: false, check: async () => void (await client.ping()) });
      shutdown.steps.register('cache', 'redis', () => close(client));
      collectedGauge({
        name: 'redis_connection_state',
        help: '1 while the connection to Redis is ready for commands.',
        values: () => [{ value: client.status === 'ready' ? 1 : 0 }],
      });
    }
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
