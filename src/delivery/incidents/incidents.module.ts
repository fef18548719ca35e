import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CatalogModule } from '../catalog/catalog.module.js';
import { WebhookIntake } from './alertmanager/webhook-intake.js';
import { WebhooksController } from './alertmanager/webhooks.controller.js';
import { IncidentEntity } from './incident.entity.js';
import { IncidentsController } from './incidents.controller.js';
import { Incidents } from './incidents.events.js';
import { IncidentsReader } from './incidents.reader.js';
import { IncidentsService } from './incidents.service.js';
import { IncidentImports } from './imports/incident-imports.events.js';
import { IncidentChanges } from './record/incident-changes.js';
import { IncidentRecord } from './record/incident-record.js';
import { IncidentsGauge, incidentsMetric } from './record/incidents-gauge.js';
import { DocumentedWords } from '../../platform/http/openapi/documented-words.js';
import { incidentsWords } from './incidents.words.js';

@Module({
  imports: [TypeOrmModule.forFeature([IncidentEntity]), CatalogModule],
  controllers: [IncidentsController, WebhooksController],
  providers: [
    incidentsMetric,
    IncidentChanges,
    IncidentImports,
    IncidentRecord,
    Incidents,
    IncidentsGauge,
    IncidentsReader,
    IncidentsService,
    WebhookIntake,
  ],
  exports: [IncidentImports, Incidents],
})
export class IncidentsModule {
  constructor(words: DocumentedWords) {
    words.add(incidentsWords);
  }
}
