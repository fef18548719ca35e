import { type DynamicModule, Module } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import type { ServiceLog } from './service-log.js';

/** nestjs-pino on the log of the process, without its middleware: the request line is written in a Fastify hook. */
@Module({})
export class LoggingModule {
  static forRoot(log: ServiceLog): DynamicModule {
    return {
      module: LoggingModule,
      imports: [LoggerModule.forRoot({ pinoHttp: { logger: log.logger, autoLogging: false }, forRoutes: [] })],
    };
  }
}
