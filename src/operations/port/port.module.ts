import { Global, Module } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { ConfigModule } from '../config/config.module.js';
import { accessConfig, OpsAccess } from '../access/access.js';
import { OpsGuard } from '../access/ops.guard.js';
import { WriteLimit } from '../access/write-limit.js';
import { AuditModule } from '../audit/audit.module.js';
import { OpsProblemFilter } from '../problems/problem.filter.js';
import { BodyInterceptor } from './body.interceptor.js';
import { OpsCounts } from './ops-counts.js';
import { OpsPort, portConfig } from './ops-port.js';
import { portMetrics } from './port-metrics.js';
import { OpsRoutes } from './ops-routes.js';

/** What all routes of the operations port share: limits, the guard, the reading of bodies, the filter. */
@Global()
@Module({
  imports: [ConfigModule.forFeature(accessConfig, portConfig), AuditModule],
  providers: [
    ...portMetrics,
    OpsAccess,
    WriteLimit,
    OpsRoutes,
    OpsCounts,
    OpsPort,
    OpsProblemFilter,
    { provide: APP_GUARD, useClass: OpsGuard },
    { provide: APP_INTERCEPTOR, useClass: BodyInterceptor },
  ],
  exports: [OpsAccess, OpsRoutes, OpsCounts, OpsPort],
})
export class PortModule {}
