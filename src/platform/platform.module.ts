import { Global, Module } from '@nestjs/common';
import { AuditLog } from './audit/audit-log.js';
import { AuditRetention } from './audit/audit-retention.js';
import { DatabaseOperationsAudit } from './audit/database-operations-audit.js';
import { AuthModule } from './auth/auth.module.js';
import { CacheModule } from './cache/cache.module.js';
import { Clock } from './clock.js';
import { DatabaseModule } from './database/database.module.js';
import { Idempotency } from './http/idempotency/idempotency.js';
import { JobsModule } from './jobs/jobs.module.js';
import { ProbeTargets } from './probes/probe-targets.js';
import { Prometheus } from './prometheus/prometheus.js';
import { Retention } from './retention/retention.js';
import { DatabaseRuntimeConfig } from './runtime-config/database-runtime-config.js';

/** What every feature stands on: the database, tokens, the audit log, idempotency, jobs, the clock, what may be probed. */
@Global()
@Module({
  imports: [DatabaseModule, CacheModule, AuthModule, JobsModule],
  providers: [
    Clock,
    AuditLog,
    AuditRetention,
    DatabaseOperationsAudit,
    DatabaseRuntimeConfig,
    Idempotency,
    ProbeTargets,
    Prometheus,
    Retention,
  ],
  exports: [DatabaseModule, CacheModule, AuthModule, JobsModule, Clock, AuditLog, Idempotency, ProbeTargets, Retention],
})
export class PlatformModule {}
