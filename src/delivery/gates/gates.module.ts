import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { GateEngineEntity, GateRunEntity, GateSpecificationEntity, MeasurementEntity } from './gates.entities.js';
import { GateRuns } from './gates.events.js';
import { GatesReader } from './gates.reader.js';

@Module({
  imports: [TypeOrmModule.forFeature([GateEngineEntity, GateRunEntity, GateSpecificationEntity, MeasurementEntity])],
  providers: [GateRuns, GatesReader],
  exports: [GateRuns, GatesReader],
})
export class GatesModule {}
