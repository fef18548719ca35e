import { Module } from '@nestjs/common';
import { CatalogModule } from '../catalog/catalog.module.js';
import { FreezeFlag } from './freeze-flag.js';
import { FreezesController } from './freezes.controller.js';
import { FreezesReader } from './freezes.reader.js';

@Module({
  imports: [CatalogModule],
  controllers: [FreezesController],
  providers: [FreezeFlag, FreezesReader],
  exports: [FreezesReader],
})
export class FreezesModule {}
