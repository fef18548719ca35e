import { Module } from '@nestjs/common';
import { getToken } from '@willsoto/nestjs-prometheus';
import type { Histogram } from 'prom-client';
import { ServiceLog } from '../logging/service-log.js';
import { callDurations } from './call-durations.js';
import { OutboundCalls } from './outbound-calls.js';
import { outboundMetrics } from './outbound-metrics.js';

/** The peers of this process. */
@Module({
  providers: [
    ...outboundMetrics,
    {
      provide: OutboundCalls,
      inject: [ServiceLog, getToken(callDurations.name)],
      useFactory: ({ logger }: ServiceLog, durations: Histogram) => new OutboundCalls(logger, durations),
    },
  ],
  exports: [OutboundCalls],
})
export class OutboundModule {}
