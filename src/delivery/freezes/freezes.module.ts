import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CatalogModule } from '../catalog/catalog.module.js';
import { FreezeEntity } from './freeze.entity.js';
import { FreezesController } from './freezes.controller.js';
import { FreezesReader } from './freezes.reader.js';
import { FreezesService } from './freezes.service.js';
import { FreezeCalendar } from './sources/freeze-calendar.js';
import { FreezeFlag } from './sources/freeze-flag.js';
import { DocumentedWords } from '../../platform/http/openapi/documented-words.js';
import { freezesWords } from './freezes.words.js';

@Module({
  imports: [TypeOrmModule.forFeature([FreezeEntity]), CatalogModule],
  controllers: [FreezesController],
  providers: [FreezeCalendar, FreezeFlag, FreezesReader, FreezesService],
  exports: [FreezesReader],
})
export class FreezesModule {
  constructor(words: DocumentedWords) {
    words.add(freezesWords);
  }
}
