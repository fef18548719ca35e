import { Controller, Get, Module } from '@nestjs/common';
import { Access } from '../access/access.js';
import { Reports } from './reports.js';

@Controller()
class ReportsController {
  constructor(private readonly reports: Reports) {}

  @Get('jobs')
  @Access('read')
  jobs() {
    return this.reports.collect('jobs');
  }

  @Get('caches')
  @Access('read')
  caches() {
    return this.reports.collect('caches');
  }

  @Get('migrations')
  @Access('read')
  migrations() {
    return this.reports.collect('migrations');
  }
}

/** The states that features report to operators. */
@Module({ controllers: [ReportsController], providers: [Reports], exports: [Reports] })
export class ReportsModule {}
