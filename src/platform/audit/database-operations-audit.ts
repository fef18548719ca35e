import { Injectable } from '@nestjs/common';
import {
  OperationsAudit,
  type OperationsAuditEntry,
  type OperationsAuditStore,
} from '../../operations/audit/operations-audit.js';
import { Shutdown } from '../../operations/lifecycle/shutdown.js';
import { Database } from '../database/database.js';
import { AuditLog } from './audit-log.js';

/** Keeps what was done, or tried, on the operations port beside what was done by the API. */
@Injectable()
export class DatabaseOperationsAudit implements OperationsAuditStore {
  constructor(
    private readonly database: Database,
    private readonly log: AuditLog,
    audit: OperationsAudit,
    shutdown: Shutdown,
  ) {
    audit.connect(this);
    shutdown.steps.register('jobs', 'audit of operations', () => audit.settled());
  }

  /** The status stands in `after`: of a refusal there is nothing else. */
  async record({ action, subject, status, before, after }: OperationsAuditEntry): Promise<void> {
    const entry = { principal: null, actor: 'operations', action, subject, before, after: { status, ...after } };
    await this.database.transaction((tx) => this.log.record(tx, entry));
  }
}
