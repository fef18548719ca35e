import { type DynamicModule, Module } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { ErrorsModule } from '../errors/errors.module.js';
import { logMetrics } from './log-metrics.js';
import { LoggersController } from './loggers.controller.js';
import { NestLogger } from './nest-logger.js';
import { ServiceLog } from './service-log.js';

/** nestjs-pino on the log of the process, without its middleware: the request line is written in a Fastify hook. */
@Module({})
export class LoggingModule {
  static forRoot(log: ServiceLog): DynamicModule {
    return {
      module: LoggingModule,
      global: true,
      imports: [
        LoggerModule.forRoot({ pinoHttp: { logger: log.logger, autoLogging: false }, forRoutes: [] }),
        ErrorsModule,
      ],
      controllers: [LoggersController],
      providers: [...logMetrics, { provide: ServiceLog, useValue: log }, NestLogger],
      exports: [ServiceLog, NestLogger],
    };
  }
}
