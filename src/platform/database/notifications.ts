import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Client } from 'pg';
import type { EntityManager } from 'typeorm';
import { Shutdown } from '../../operations/lifecycle/shutdown.js';
import { connectionConfig } from './connection-config.js';
import { DatabaseCredentials } from './database-credentials.js';

const RECONNECT_AFTER_MS = 500;
/** A connection that died without a word is found out by asking. */
const ASK_EVERY_MS = 200;
/** What was sent before a question was asked came before its answer. Asked so long ago, it no longer vouches for today. */
const BELIEVED_FOR_MS = 750;
/** Who does not answer by then is given up. */
const ANSWER_WITHIN_MS = 2000;

const QUESTION = { text: 'SELECT 1', query_timeout: ANSWER_WITHIN_MS };

interface ListeningConnection {
  /** Resolves when the connection is no more. */
  readonly lost: Promise<void>;
}

/**
 * Words between instances over PostgreSQL's NOTIFY, heard on a connection of its own. At most once: what is sent while
 * the connection is away is lost, so whoever listens must be able to read again.
 */
@Injectable()
export class Notifications implements OnModuleInit {
  private readonly logger = new Logger('Notifications');
  private readonly listeners = new Map<string, Array<(payload: string) => void>>();
  private readonly reconnectListeners: Array<() => void> = [];
  private readonly closing = new AbortController();
  private client: Client | null = null;
  private isStarted = false;
  /** When the last question was asked that was answered. */
  private heardAllUntil = 0;

  constructor(
    private readonly credentials: DatabaseCredentials,
    shutdown: Shutdown,
  ) {
    // It is made anew, and whoever listens reads again.
    credentials.onRotation(() => void this.client?.end());
    shutdown.steps.register('database', 'notifications', () => this.close());
  }

  /** False once words may have been lost for 750 ms: caches that rely on them must not be believed. */
  get isListening(): boolean {
    return this.client !== null && performance.now() - this.heardAllUntil < BELIEVED_FOR_MS;
  }

  /** Listen before the application is initialised: in a constructor. Later it throws. The listener must not throw. */
  listen(channel: string, onPayload: (payload: string) => void): void {
    if (this.isStarted) throw new Error(`Too late to listen to ${channel}: do it in a constructor`);
    const listeners = this.listeners.get(channel) ?? [];
    this.listeners.set(channel, [...listeners, onPayload]);
  }

  /** Called each time that the connection comes (back), before any word over it. */
  onReconnect(listener: () => void): void {
    this.reconnectListeners.push(listener);
  }

  /** Sent when the transaction commits, and not if it rolls back. The payload is at most 7999 bytes. */
  async send(tx: EntityManager, channel: string, payload: string): Promise<void> {
    await tx.query('SELECT pg_notify($1, $2)', [channel, payload]);
  }

  async onModuleInit(): Promise<void> {
    this.isStarted = true;
    const connection = await this.connect();
    void this.stayConnected(connection);
  }

  private async stayConnected(first: ListeningConnection | null): Promise<void> {
    for (let connection = first; !this.closing.signal.aborted; connection = await this.connect()) {
      await connection?.lost;
      this.client = null;
      await this.pause(RECONNECT_AFTER_MS);
    }
  }

  private async connect(): Promise<ListeningConnection | null> {
    if (this.closing.signal.aborted) {
      return null;
    }
    const client = new Client(connectionConfig(this.credentials.url, 'plimsoll notifications'));
    const lost = new Promise<void>((resolve) => client.once('end', resolve));
    client.on('error', (error) => this.logger.debug(`The connection is lost: ${error.message}`));
    client.on('notification', ({ channel, payload = '' }) => this.hear(channel, payload));
    try {
      await client.connect();
      this.heardAllUntil = performance.now();
      for (const channel of this.listeners.keys()) {
        await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
      }
    } catch {
      await client.end();
      return null;
    }
    this.client = client;
    for (const listener of this.reconnectListeners) listener();
    void this.keepAsking(client);
    return { lost };
  }

  private hear(channel: string, payload: string): void {
    for (const listener of this.listeners.get(channel) ?? []) listener(payload);
  }

  private async keepAsking(client: Client): Promise<void> {
    while (this.client === client && !this.closing.signal.aborted) {
      await this.pause(ASK_EVERY_MS);
      const askedAt = performance.now();
      await client.query(QUESTION).then(
        () => (this.heardAllUntil = askedAt),
        () => client.end(),
      );
    }
  }

  private async pause(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.closing.signal }).catch(() => undefined);
  }

  private async close(): Promise<void> {
    this.closing.abort();
    await this.client?.end();
  }
}
