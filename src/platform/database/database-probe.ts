import { Inject, Injectable } from '@nestjs/common';
import { Client } from 'pg';
import { SETTINGS, type Settings } from '../../operations/config/settings.js';
import { HealthChecks } from '../../operations/health/health-checks.js';
import { Shutdown } from '../../operations/lifecycle/shutdown.js';
import { connectionConfig } from './connection-config.js';

/** Asks the database on a connection of its own, so that an exhausted pool is not taken for a database that is down. */
@Injectable()
export class DatabaseProbe {
  private client: Client | null = null;

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    checks: HealthChecks,
    shutdown: Shutdown,
  ) {
    checks.register({ name: 'database', required: true, check: (signal) => this.ask(signal) });
    shutdown.steps.register('database', 'health connection', () => this.close());
  }

  private async ask(signal: AbortSignal): Promise<void> {
    const giveUp = (): void => void this.close();
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      this.client ??= await this.connect();
      await this.client.query('SELECT 1');
    } catch (error) {
      await this.close();
      throw error;
    } finally {
      signal.removeEventListener('abort', giveUp);
    }
  }

  private async connect(): Promise<Client> {
    const client = new Client(connectionConfig(this.settings.databaseUrl, 'plimsoll health'));
    client.on('error', () => this.forget(client));
    await client.connect();
    return client;
  }

  private async close(): Promise<void> {
    const { client } = this;
    this.client = null;
    await client?.end();
  }

  private forget(client: Client): void {
    if (this.client === client) {
      this.client = null;
    }
  }
}
