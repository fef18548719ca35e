import { Controller, Get, Module } from '@nestjs/common';
import { Access } from '../access/access.js';
import { AppInfo } from './app-info.js';
import { infoMetrics } from './info-metrics.js';
import { SBOM_FILE, SbomController, sbomFile } from './sbom.controller.js';

@Controller('info')
class InfoController {
  constructor(private readonly info: AppInfo) {}

  @Get()
  @Access('open')
  read(): object {
    return this.info.describe();
  }
}

/** The running program: `/info` and `/sbom`. */
@Module({
  controllers: [InfoController, SbomController],
  providers: [...infoMetrics, AppInfo, { provide: SBOM_FILE, useValue: sbomFile }],
  exports: [AppInfo],
})
export class InfoModule {}
