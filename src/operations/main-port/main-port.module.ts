import { Module } from '@nestjs/common';
import { ConfigModule } from '../config/config.module.js';
import { MetricsModule } from '../metrics/metrics.module.js';
import { MainPort, mainPortConfig } from './main-port.js';
import { Mappings, MappingsController } from './mappings.js';

/** The work of operations on the API's port. */
@Module({
  imports: [ConfigModule.forFeature(mainPortConfig), MetricsModule],
  controllers: [MappingsController],
  providers: [Mappings, MainPort],
  exports: [MainPort],
})
export class MainPortModule {}
