import { randomUUIDv7 } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { SETTINGS, type Settings } from '../../operations/config/settings.js';
import { StartupPhases } from '../../operations/health/startup-phases.js';
import { Shutdown } from '../../operations/lifecycle/shutdown.js';
import { AuditLog } from '../audit/audit-log.js';
import { Clock } from '../clock.js';
import { Database } from '../database/database.js';
import { SchemaVersion } from '../database/schema-version.js';
import { insertToken, viewOf } from './tokens.service.js';

const RETRY_AFTER_MS = 1000;

const ADMIN_EXISTS = `SELECT FROM tokens WHERE role = 'admin' AND service IS NULL AND revoked_at IS NULL
  AND (expires_at IS NULL OR expires_at > $1) LIMIT 1`;

/** Makes BOOTSTRAP_ADMIN_TOKEN the first admin token if there is none. One that was revoked stays so. */
@Injectable()
export class BootstrapToken implements OnModuleInit {
  private readonly logger = new Logger('BootstrapToken');
  private readonly isDone: () => void;

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly database: Database,
    private readonly schema: SchemaVersion,
    private readonly auditLog: AuditLog,
    private readonly clock: Clock,
    private readonly shutdown: Shutdown,
    startup: StartupPhases,
  ) {
    this.isDone = startup.register('bootstrap-token');
  }

  onModuleInit(): void {
    void this.makeWhenPossible(this.settings.bootstrapAdminToken);
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
      if ((await tx.query<object[]>(ADMIN_EXISTS, [createdAt])).length > 0) {
        return;
      }
      const id = randomUUIDv7();
      const view = viewOf({ id, name: 'bootstrap', role: 'admin', service: null, createdAt, expiresAt: null });
      if (await insertToken(tx, view, token)) {
        await this.auditLog.record(tx, {
          principal: null,
          action: 'token.create',
          subject: id,
          before: null,
          after: view,
        });
      } else {
        this.logger.error('There is no admin token, and BOOTSTRAP_ADMIN_TOKEN was revoked: set a new one');
      }
    });
  }
}
