import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Configuration } from './config/load-settings.js';
import { standardOutput } from './logging/log-destination.js';
import { NestLogger } from './logging/nest-logger.js';
import { ServiceLog } from './logging/service-log.js';
import { OperationsModule } from './operations.module.js';
import { configureOps, opsAdapter } from './port/ops-application.js';

/** Creates the operations application, which does not listen yet. From here on Nest's loggers write to our log. */
export async function createOperations(
  configuration: Configuration,
  log = new ServiceLog(configuration.settings, standardOutput()),
): Promise<NestFastifyApplication> {
  const operations = await NestFactory.create<NestFastifyApplication>(
    OperationsModule.forRoot(configuration, log),
    opsAdapter(),
    { abortOnError: false, bodyParser: false, bufferLogs: true, return503OnClosing: false },
  );
  operations.useLogger(operations.get(NestLogger));
  configureOps(operations);
  return operations;
}
