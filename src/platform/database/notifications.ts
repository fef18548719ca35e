import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** Words between instances, over PostgreSQL's NOTIFY: at most once, so whoever listens must be able to re-read. */
@Injectable()
export class Notifications {
  listen(_channel: string, _onPayload: (payload: string) => void): void {}

  /** Called each time that the connection is back; what was sent meanwhile is lost, so read again what you keep. */
  onReconnect(_listener: () => void): void {}

  /** Sent when the transaction commits, and not if it rolls back. The payload is at most 7999 bytes. */
  async send(tx: EntityManager, channel: string, payload: string): Promise<void> {
    await tx.query('SELECT pg_notify($1, $2)', [channel, payload]);
  }
}
