import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CatalogModule } from '../catalog/catalog.module.js';
import { ReleaseEntity } from './release.entity.js';
import { ReleasesController } from './releases.controller.js';
import { ReleaseImports } from './releases.events.js';
import { ReleasesReader } from './releases.reader.js';
import { ReleasesService } from './releases.service.js';
import { DocumentedWords } from '../../platform/http/openapi/documented-words.js';
import { releasesWords } from './releases.words.js';

@Module({
  imports: [TypeOrmModule.forFeature([ReleaseEntity]), CatalogModule],
  controllers: [ReleasesController],
  providers: [ReleaseImports, ReleasesService, ReleasesReader],
  exports: [ReleaseImports, ReleasesReader],
})
export class ReleasesModule {
  constructor(words: DocumentedWords) {
    words.add(releasesWords);
  }
}
