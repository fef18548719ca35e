import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CatalogModule } from '../catalog/catalog.module.js';
import { ReleaseEntity } from './release.entity.js';
import { ReleasesController } from './releases.controller.js';
import { ReleasesReader } from './releases.reader.js';
import { ReleasesService } from './releases.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([ReleaseEntity]), CatalogModule],
  controllers: [ReleasesController],
  providers: [ReleasesService, ReleasesReader],
  exports: [ReleasesReader],
})
export class ReleasesModule {}
