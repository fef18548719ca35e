import { Global, Module } from '@nestjs/common';
import { AuditLog } from './audit/audit-log.js';
import { AuthModule } from './auth/auth.module.js';
import { RedisConnection } from './cache/redis-connection.js';
import { Clock } from './clock.js';
import { DatabaseModule } from './database/database.module.js';
import { Idempotency } from './http/idempotency.js';
import { DatabaseRuntimeConfig } from './runtime-config/database-runtime-config.js';

/** What every feature stands on: the database, tokens, the audit log, idempotency, the clock. */
@Global()
@Module({
  imports: [DatabaseModule, AuthModule],
  providers: [Clock, AuditLog, DatabaseRuntimeConfig, Idempotency, RedisConnection],
  exports: [DatabaseModule, AuthModule, Clock, AuditLog, Idempotency, RedisConnection],
})
export class PlatformModule {}
