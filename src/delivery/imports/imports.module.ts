import { Module } from '@nestjs/common';
import { DeploymentsModule } from '../deployments/deployments.module.js';
import { IncidentsModule } from '../incidents/incidents.module.js';
import { ReleasesModule } from '../releases/releases.module.js';
import { ImportBatches } from './import-batches.js';
import { ImportsController } from './imports.controller.js';
import { ImportsService } from './imports.service.js';
import { WaitingLines } from './waiting-lines.js';
import { DocumentedWords } from '../../platform/http/openapi/documented-words.js';
import { importsWords } from './imports.words.js';

@Module({
  imports: [ReleasesModule, IncidentsModule, DeploymentsModule],
  controllers: [ImportsController],
  providers: [ImportBatches, ImportsService, WaitingLines],
})
export class ImportsModule {
  constructor(words: DocumentedWords) {
    words.add(importsWords);
  }
}
