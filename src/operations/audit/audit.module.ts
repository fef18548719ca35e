import { Module } from '@nestjs/common';
import { ServiceLog } from '../logging/service-log.js';
import { OperationsAudit } from './operations-audit.js';

/** The audit of changes to the process, and of refused attempts. */
@Module({
  providers: [
    {
      provide: OperationsAudit,
      inject: [ServiceLog],
      useFactory: ({ logger, secrets }: ServiceLog) => new OperationsAudit(logger, (text) => secrets.redact(text)),
    },
  ],
  exports: [OperationsAudit],
})
export class AuditModule {}
