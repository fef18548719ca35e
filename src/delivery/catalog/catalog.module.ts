import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CatalogController } from './catalog.controller.js';
import { EnvironmentEntity, ServiceEntity, SlotEntity } from './catalog.entities.js';
import { Slots } from './catalog.events.js';
import { CatalogReader } from './catalog.reader.js';
import { CatalogService } from './catalog.service.js';
import { DocumentedWords } from '../../platform/http/openapi/documented-words.js';
import { catalogWords } from './catalog.words.js';

@Module({
  imports: [TypeOrmModule.forFeature([EnvironmentEntity, ServiceEntity, SlotEntity])],
  controllers: [CatalogController],
  providers: [CatalogService, CatalogReader, Slots],
  exports: [CatalogReader, Slots],
})
export class CatalogModule {
  constructor(words: DocumentedWords) {
    words.add(catalogWords);
  }
}
