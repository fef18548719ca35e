import { Controller, type DynamicModule, HttpCode, Module, Param, Post, Req } from '@nestjs/common';
import type { ConfigType } from '@nestjs/config';
import type { FastifyRequest } from 'fastify';
import { Access } from '../access/access.js';
import { ConfigModule } from '../config/config.module.js';
import type { Settings } from '../config/settings.js';
import { settingsPart } from '../config/settings-part.js';
import { Readiness } from '../health/readiness.js';
import { StallWatch } from '../lifecycle/stall-watch.js';
import { ServiceLog } from '../logging/service-log.js';
import { Diagnostics } from './diagnostics.js';

const diagnosticsConfig = settingsPart('diagnostics', 'shutdownDelayMs');

@Controller('diagnostics')
class DiagnosticsController {
  constructor(private readonly diagnostics: Diagnostics) {}

  @Post(':kind')
  @HttpCode(202)
  @Access('write')
  begin(@Param('kind') kind: string, @Req() request: FastifyRequest): { id: string } {
    const id = this.diagnostics.begin(kind);
    request.change = { before: null, after: { id } };
    return { id };
  }
}

/** Heap snapshots, CPU profiles and reports, if a private directory for them is configured. */
@Module({})
export class DiagnosticsModule {
  static forRoot({ diagnosticsDir: directory }: Settings): DynamicModule {
    if (directory === undefined) return { module: DiagnosticsModule };
    const diagnostics = {
      provide: Diagnostics,
      inject: [diagnosticsConfig.KEY, Readiness, StallWatch, ServiceLog],
      useFactory: (
        { shutdownDelayMs }: ConfigType<typeof diagnosticsConfig>,
        readiness: Readiness,
        stallWatch: StallWatch,
        { logger }: ServiceLog,
      ) => new Diagnostics({ directory, noticeMs: shutdownDelayMs, readiness, stallWatch, logger }),
    };
    const imports = [ConfigModule.forFeature(diagnosticsConfig)];
    return { module: DiagnosticsModule, imports, controllers: [DiagnosticsController], providers: [diagnostics] };
  }
}
