import { Module } from '@nestjs/common';
import { HealthIndicatorService } from '@nestjs/terminus';
import { HealthSampler } from './health-sampler.js';

/** Of Terminus only the indicators: its controller would ask every dependency at every probe. */
@Module({ providers: [HealthIndicatorService, HealthSampler] })
export class HealthModule {}
