import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CatalogModule } from '../catalog/catalog.module.js';
import { CheckTypes } from './engine/check-types.js';
import { HttpCheck } from './engine/http-check.js';
import { HttpProbe } from './engine/http-probe.js';
import { ProbeTargets } from './engine/probe-targets.js';
import { ProbeUrls } from './engine/probe-urls.js';
import { GatesController } from './gates.controller.js';
import { GateEngineEntity, GateRunEntity, GateSpecificationEntity, MeasurementEntity } from './gates.entities.js';
import { GateRuns } from './gates.events.js';
import { GatesReader } from './gates.reader.js';
import { GatesService } from './gates.service.js';

@Module({
  imports: [
    CatalogModule,
    TypeOrmModule.forFeature([GateEngineEntity, GateRunEntity, GateSpecificationEntity, MeasurementEntity]),
  ],
  controllers: [GatesController],
  providers: [CheckTypes, HttpCheck, HttpProbe, ProbeTargets, ProbeUrls, GatesService, GatesReader, GateRuns],
  exports: [GateRuns, GatesReader],
})
export class GatesModule {}
