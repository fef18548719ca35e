import { Injectable } from '@nestjs/common';
import { Retention } from '../retention/retention.js';

const DELETE_SOME = 'DELETE FROM audit_log WHERE id IN (SELECT id FROM audit_log WHERE at < $1 ORDER BY at LIMIT $2)';

@Injectable()
export class AuditRetention {
  constructor(retention: Retention) {
    retention.keep('audit-log', ({ auditLogDays }) => auditLogDays, DELETE_SOME);
  }
}
