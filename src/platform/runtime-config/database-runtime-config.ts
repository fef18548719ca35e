import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { JsonObject } from '../../operations/runtime-config/merge-patch.js';
import { RuntimeConfig } from '../../operations/runtime-config/runtime-config.js';
import type { RuntimeConfigStore, StoredOverrides } from '../../operations/runtime-config/runtime-config-store.js';
import { AuditLog } from '../audit/audit-log.js';
import { Clock } from '../clock.js';
import { Database } from '../database/database.js';
import { Notifications } from '../database/notifications.js';

const CHANNEL = 'runtime_config_changed';
const READ = 'SELECT revision, overrides, changed_at AS "changedAt" FROM runtime_config';

/** Keeps the runtime configuration in one row that all instances share. */
@Injectable()
export class DatabaseRuntimeConfig implements RuntimeConfigStore, OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly notifications: Notifications,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
    private readonly config: RuntimeConfig,
  ) {
    config.connect(this);
  }

  onModuleInit(): void {
    void this.config.refresh();
  }

  async read(): Promise<StoredOverrides> {
    const [stored] = await this.database.query<StoredOverrides>('runtime-config', READ, []);
    return only(stored);
  }

  async change(next: (stored: StoredOverrides) => JsonObject): Promise<StoredOverrides> {
    return this.database.transaction(async (tx) => {
      const before = only((await tx.query<StoredOverrides[]>(`${READ} FOR UPDATE`))[0]);
      const after = { revision: before.revision + 1, overrides: next(before), changedAt: this.clock.now() };
      await tx.query('UPDATE runtime_config SET revision = $1, overrides = $2, changed_at = $3', [
        after.revision,
        after.overrides,
        after.changedAt,
      ]);
      await this.notifications.send(tx, CHANNEL, String(after.revision));
      await this.audit.record(tx, {
        principal: null,
        actor: 'operations',
        action: 'runtime-config.patch',
        subject: 'runtime-config',
        before: before.overrides,
        after: after.overrides,
      });
      return after;
    });
  }

  onChanged(listener: () => void): void {
    this.notifications.listen(CHANNEL, listener);
    this.notifications.onReconnect(listener);
  }
}

function only(stored: StoredOverrides | undefined): StoredOverrides {
  if (!stored) throw new Error('the row of runtime_config that the migration makes is gone');
  return stored;
}
