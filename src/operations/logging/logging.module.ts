import { type DynamicModule, Module } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { ErrorsModule } from '../errors/errors.module.js';
import { logMetrics } from './log-metrics.js';
import { LoggersController } from './loggers.controller.js';
import { NestLogger } from './nest-logger.js';
import { ServiceLog } from './service-log.js';

/** nestjs-pino with the log of the process, without its middleware: a Fastify hook writes the request line. */
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
