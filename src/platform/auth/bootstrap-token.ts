import { randomUUIDv7 } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import type { ConfigType } from '@nestjs/config';
import type { EntityManager } from 'typeorm';
import { settingsPart } from '../../operations/config/settings-part.js';
import { StartupPhases } from '../../operations/health/startup-phases.js';
import { Shutdown } from '../../operations/lifecycle/shutdown.js';
import { AuditLog } from '../audit/audit-log.js';
import { Clock } from '../clock.js';
import { Database } from '../database/database.js';
import { Notifications } from '../database/notifications.js';
import { SchemaVersion } from '../database/schema-version.js';
import { TOKENS_CHANGED } from './authenticator.js';
import { tokenSha256 } from './bearer.js';
import { insertToken, viewOf } from './tokens.service.js';

export const bootstrapConfig = settingsPart('bootstrap', 'bootstrapAdminToken');

const RETRY_AFTER_MS = 1000;

const ADMIN_EXISTS = `SELECT FROM tokens WHERE role = 'admin' AND service IS NULL AND revoked_at IS NULL
  AND (expires_at IS NULL OR expires_at > $1) LIMIT 1`;

const IS_VALID = `SELECT FROM tokens WHERE sha256 = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)`;

/** Nobody else makes or revokes a token until the transaction ends; reading goes on. */
const ONE_AT_A_TIME = 'LOCK TABLE tokens IN SHARE ROW EXCLUSIVE MODE';

/**
 * Makes BOOTSTRAP_ADMIN_TOKEN the first admin token if there is none. One that was revoked stays so, and the log tells
 * of one that is not used.
 */
@Injectable()
export class BootstrapToken implements OnModuleInit {
  private readonly logger = new Logger('BootstrapToken');
  private readonly isDone: () => void;

  constructor(
    @Inject(bootstrapConfig.KEY) private readonly config: ConfigType<typeof bootstrapConfig>,
    private readonly database: Database,
    private readonly schema: SchemaVersion,
    private readonly notifications: Notifications,
    private readonly auditLog: AuditLog,
    private readonly clock: Clock,
    private readonly shutdown: Shutdown,
    startup: StartupPhases,
  ) {
    this.isDone = startup.register('bootstrap-token');
  }

  onModuleInit(): void {
    void this.makeWhenPossible(this.config.bootstrapAdminToken);
  }

  private async makeWhenPossible(token: string | undefined): Promise<void> {
    await this.schema.complete;
    if (token !== undefined) {
      await this.persist(token);
    }
    this.isDone();
  }

  private async persist(token: string): Promise<void> {
    while (!this.shutdown.drainSignal.aborted) {
      try {
        await this.makeIfNoneExists(token);
        return;
      } catch (error) {
        this.logger.warn(`The first admin token could not be made: ${String(error)}`);
        await delay(RETRY_AFTER_MS, undefined, { signal: this.shutdown.drainSignal }).catch(() => undefined);
      }
    }
  }

  private async makeIfNoneExists(token: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const createdAt = this.clock.now();
      const adminExists = async () => (await tx.query<object[]>(ADMIN_EXISTS, [createdAt])).length > 0;
      if (await adminExists()) return this.tellIfIgnored(tx, token, createdAt);
      await tx.query(ONE_AT_A_TIME);
      // Another instance may have been quicker.
      if (await adminExists()) return this.tellIfIgnored(tx, token, createdAt);
      const id = randomUUIDv7();
      const view = viewOf({ id, name: 'bootstrap', role: 'admin', service: null, createdAt, expiresAt: null });
      if (await insertToken(tx, view, token)) {
        // Whoever was quicker with it than we were is remembered as unknown.
        await this.notifications.send(tx, TOKENS_CHANGED, id);
        await this.auditLog.record(tx, {
          principal: null,
          action: 'token.create',
          subject: id,
          before: null,
          after: view,
        });
      } else {
        const why = (await isValid(tx, token, createdAt)) ? 'is of another role' : 'was revoked or has expired';
        this.logger.error(`There is no admin token, and BOOTSTRAP_ADMIN_TOKEN ${why}: set a new one`);
      }
    });
  }

  private async tellIfIgnored(tx: EntityManager, token: string, now: Date): Promise<void> {
    if (await isValid(tx, token, now)) return;
    this.logger.warn(
      'BOOTSTRAP_ADMIN_TOKEN is ignored, and requests with it get 401: there is an admin token already, and it is another one',
    );
  }
}

async function isValid(tx: EntityManager, token: string, now: Date): Promise<boolean> {
  const sha256 = Buffer.from(tokenSha256(token), 'base64url');
  return (await tx.query<object[]>(IS_VALID, [sha256, now])).length > 0;
}
