import { TLSSocket } from 'node:tls';
import { Injectable } from '@nestjs/common';
import { Client, type QueryResultRow } from 'pg';
import { HealthChecks } from '../../operations/health/health-checks.js';
import { Shutdown } from '../../operations/lifecycle/shutdown.js';
import { DatabaseCredentials } from './database-credentials.js';

/**
 * Asks the database how it is, on a connection of its own, so that an exhausted pool is not taken for a database that
 * is down.
 */
@Injectable()
export class DatabaseProbe {
  /** Until when the certificate is valid that the database last showed; null without TLS. */
  certificateValidTo: Date | null = null;
  private client: Client | null = null;
  private lastAnswer: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly credentials: DatabaseCredentials,
    checks: HealthChecks,
    shutdown: Shutdown,
  ) {
    checks.register({
      name: 'database',
      required: true,
      check: async (signal) => void (await this.ask('SELECT 1', signal)),
    });
    credentials.onRotation(() => (this.lastAnswer = this.lastAnswer.then(() => this.close())));
    shutdown.steps.register('database', 'health connection', () => this.close());
  }

  /** One question after the other. The connection is dropped when there is no answer by the time the signal aborts. */
  async ask<Row extends QueryResultRow>(question: string, signal?: AbortSignal): Promise<Row[]> {
    const answer = this.lastAnswer.then(() => this.askNow<Row>(question, signal));
    this.lastAnswer = answer.catch(() => undefined);
    return answer;
  }

  private async askNow<Row extends QueryResultRow>(question: string, signal?: AbortSignal): Promise<Row[]> {
    const giveUp = (): void => void this.close();
    signal?.addEventListener('abort', giveUp, { once: true });
    try {
      this.client ??= await this.connect();
      return (await this.client.query<Row>(question)).rows;
    } catch (error) {
      await this.close();
      throw error;
    } finally {
      signal?.removeEventListener('abort', giveUp);
    }
  }

  private async connect(): Promise<Client> {
    const client = new Client(this.credentials.queryConfig('plimsoll health'));
    client.on('error', () => this.forget(client));
    await client.connect();
    this.certificateValidTo = validToOf(client);
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

function validToOf(client: Client): Date | null {
  // Once TLS is agreed on, pg has put it in the place of the plain socket; its types do not know of the connection.
  const { stream } = (client as unknown as { connection: { stream: unknown } }).connection;
  return stream instanceof TLSSocket ? new Date(stream.getPeerCertificate().valid_to) : null;
}
