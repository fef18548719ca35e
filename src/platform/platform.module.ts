import { Global, Module } from '@nestjs/common';
import { ConfigModule } from '../operations/config/config.module.js';
import { AuditLog } from './audit/audit-log.js';
import { AuditController } from './audit/audit.controller.js';
import { AuditReader } from './audit/audit.reader.js';
import { AuditRetention } from './audit/audit-retention.js';
import { AuditSeals } from './audit/audit-seals.js';
import { AuditSealsReader } from './audit/audit-seals.reader.js';
import { DatabaseOperationsAudit } from './audit/database-operations-audit.js';
import { AuthModule } from './auth/auth.module.js';
import { CacheModule } from './cache/cache.module.js';
import { Clock } from './clock.js';
import { DatabaseModule } from './database/database.module.js';
import { commonWords } from './http/openapi/common.words.js';
import { DocumentedSchemas } from './http/openapi/documented-schemas.js';
import { DocumentedWords } from './http/openapi/documented-words.js';
import { Idempotency } from './http/idempotency/idempotency.js';
import { JobsModule } from './jobs/jobs.module.js';
import { LoopDelay } from './probes/loop-delay.js';
import { Names } from './probes/names.js';
import { probesConfig, ProbeTargets } from './probes/probe-targets.js';
import { SystemNames } from './probes/system-names.js';
import { Prometheus, prometheusConfig } from './prometheus/prometheus.js';
import { Retention } from './retention/retention.js';
import { DatabaseRuntimeConfig } from './runtime-config/database-runtime-config.js';

/** What every feature stands on: the database, tokens, the audit log, idempotency, jobs, the clock, what may be probed. */
@Global()
@Module({
  imports: [
    ConfigModule.forFeature(probesConfig, prometheusConfig),
    DatabaseModule,
    CacheModule,
    AuthModule,
    JobsModule,
  ],
  controllers: [AuditController],
  providers: [
    Clock,
    AuditLog,
    AuditReader,
    AuditRetention,
    AuditSeals,
    AuditSealsReader,
    DatabaseOperationsAudit,
    DatabaseRuntimeConfig,
    DocumentedSchemas,
    DocumentedWords,
    Idempotency,
    LoopDelay,
    { provide: SystemNames, useFactory: () => new SystemNames() },
    Names,
    ProbeTargets,
    Prometheus,
    Retention,
  ],
  exports: [
    DatabaseModule,
    CacheModule,
    AuthModule,
    JobsModule,
    Clock,
    AuditLog,
    DocumentedSchemas,
    DocumentedWords,
    Idempotency,
    LoopDelay,
    ProbeTargets,
    Prometheus,
    Retention,
  ],
})
export class PlatformModule {
  constructor(words: DocumentedWords) {
    words.add(commonWords);
  }
}
