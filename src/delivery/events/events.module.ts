import { Module } from '@nestjs/common';
import { ConfigModule } from '../../operations/config/config.module.js';
import { EventFeed } from './event-feed.js';
import { EventStreams, streamTimes } from './event-streams.js';
import { EventsController } from './events.controller.js';
import { EventsReader } from './events.reader.js';
import { OutboxGauges, outboxMetrics } from './sinks/outbox-gauges.js';
import { SinkChanges } from './sinks/sink-changes.js';
import { SinkDeliveries, sinksConfig } from './sinks/sink-deliveries.js';
import { SinkSender } from './sinks/sink-sender.js';
import { SinkStore } from './sinks/sink-store.js';
import { SinksController } from './sinks/sinks.controller.js';
import { SinksReader } from './sinks/sinks.reader.js';
import { DocumentedWords } from '../../platform/http/openapi/documented-words.js';
import { eventsWords } from './events.words.js';

@Module({
  imports: [ConfigModule.forFeature(sinksConfig)],
  controllers: [EventsController, SinksController],
  providers: [
    ...outboxMetrics,
    EventFeed,
    EventsReader,
    EventStreams,
    OutboxGauges,
    SinkChanges,
    SinkDeliveries,
    SinkSender,
    SinksReader,
    SinkStore,
    streamTimes,
  ],
})
export class EventsModule {
  constructor(words: DocumentedWords) {
    words.add(eventsWords);
  }
}
