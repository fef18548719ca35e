import { Module } from '@nestjs/common';
import { DatabaseModule } from '../database/database.module.js';
import { jobMetrics } from './job-metrics.js';
import { PeriodicJobs } from './periodic-jobs.js';

@Module({
  imports: [DatabaseModule],
  providers: [PeriodicJobs, ...jobMetrics],
  exports: [PeriodicJobs],
})
export class JobsModule {}
