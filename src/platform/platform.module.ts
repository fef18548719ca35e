import { Global, Module } from '@nestjs/common';
import { AuditLog } from './audit/audit-log.js';
import { AuthModule } from './auth/auth.module.js';
import { CacheModule } from './cache/cache.module.js';
import { Clock } from './clock.js';
import { DatabaseModule } from './database/database.module.js';
import { Idempotency } from './http/idempotency.js';
import { DatabaseRuntimeConfig } from './runtime-config/database-runtime-config.js';

/** What every feature stands on: the database, tokens, the audit log, idempotency, the clock. */
@Global()
@Module({
  imports: [DatabaseModule, CacheModule, AuthModule],
  providers: [Clock, AuditLog, DatabaseRuntimeConfig, Idempotency],
  exports: [DatabaseModule, CacheModule, AuthModule, Clock, AuditLog, Idempotency],
})
export class PlatformModule {}
