import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, Logger, Module } from '@nestjs/common';
import { Client, type ClientConfig } from 'pg';
import { ConfigModule } from '../../operations/config/config.module.js';
import { Secrets } from '../../operations/config/secrets.js';
import { Shutdown } from '../../operations/lifecycle/shutdown.js';
import { connectionConfig, queryConfig } from './connection-config.js';
import { type DatabaseConfig, databaseConfig } from './database.config.js';
import { failureCode } from './database-failure.js';

const TRY_AGAIN_AFTER_MS = 1000;

/**
 * The database URL as it is now. A new one counts once a connection was made with it, so that it does not matter
 * whether the password is changed in the database first or here. Only the user and the password can change: another
 * database would need another process.
 */
@Injectable()
export class DatabaseCredentials {
  private readonly logger = new Logger('Database');
  private readonly listeners: Array<() => void> = [];
  private current: string;
  private refused: string | null = null;
  private lastTold = '';
  private isAdopting = false;

  constructor(
    @Inject(databaseConfig.KEY) private readonly config: DatabaseConfig,
    private readonly secrets: Secrets,
    private readonly shutdown: Shutdown,
  ) {
    this.current = config.databaseUrl;
    secrets.onChange('databaseUrl', () => void this.adopt());
  }

  get url(): string {
    return this.current;
  }

  get hasPooler(): boolean {
    return this.config.databasePooler !== undefined;
  }

  /** For connections on which questions are asked, and nothing is kept between two transactions. */
  queryConfig(applicationName: string): ClientConfig {
    return queryConfig(this.current, this.config.databasePooler, applicationName);
  }

  /** Called when `url` has changed: connections of before are to be given up as soon as they are free. */
  onRotation(listener: () => void): void {
    this.listeners.push(listener);
  }

  private async adopt(): Promise<void> {
    if (this.isAdopting) return;
    this.isAdopting = true;
    const { drainSignal } = this.shutdown;
    for (let wanted = this.wanted; wanted !== null && !drainSignal.aborted; wanted = this.wanted) {
      if (!(await this.take(wanted)))
        await delay(TRY_AGAIN_AFTER_MS, undefined, { signal: drainSignal }).catch(() => undefined);
    }
    this.isAdopting = false;
  }

  /** Null where there is nothing to take over. */
  private get wanted(): string | null {
    const url = this.secrets.get('databaseUrl');
    return url === this.current || url === this.refused ? null : url;
  }

  private async take(url: string): Promise<boolean> {
    if (placeOf(url) !== placeOf(this.current)) {
      this.refused = url;
      this.logger.error('DATABASE_URL names another database: that needs a restart');
      return false;
    }
    const failure = await failureWith(url);
    if (failure !== null) {
      this.tellOnce(`The new DATABASE_URL does not work yet (${failure}); the old one counts`);
      return false;
    }
    this.current = url;
    this.lastTold = '';
    this.logger.log('New connections use the new DATABASE_URL');
    for (const listener of this.listeners) listener();
    return true;
  }

  /** However often it is tried again. */
  private tellOnce(warning: string): void {
    if (warning !== this.lastTold) this.logger.warn(warning);
    this.lastTold = warning;
  }
}

function placeOf(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  url.username = '';
  url.password = '';
  return url.href;
}

async function failureWith(url: string): Promise<string | null> {
  const client = new Client(connectionConfig(url, 'plimsoll credentials'));
  client.on('error', () => undefined);
  try {
    await client.connect();
    return null;
  } catch (error) {
    return failureCode(error) ?? 'no answer';
  } finally {
    await client.end();
  }
}

@Module({
  imports: [ConfigModule.forFeature(databaseConfig)],
  providers: [DatabaseCredentials],
  exports: [DatabaseCredentials],
})
export class DatabaseCredentialsModule {}
