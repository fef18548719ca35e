import { Module } from '@nestjs/common';
import type { ConfigType } from '@nestjs/config';
import { ConfigModule } from '../config/config.module.js';
import { settingsPart } from '../config/settings-part.js';
import { AppInfo } from '../info/app-info.js';
import { InfoModule } from '../info/info.module.js';
import { ServiceLog } from '../logging/service-log.js';
import { OutboundCalls } from '../outbound/outbound-calls.js';
import { OutboundModule } from '../outbound/outbound.module.js';
import { errorMetrics } from './error-metrics.js';
import { ErrorReporter } from './error-reporter.js';
import { UnexpectedErrors } from './unexpected-errors.js';

const errorsConfig = settingsPart('errors', 'sentryDsn', 'appEnv');

/** Unexpected errors are counted, and reported if an error tracker is configured. */
@Module({
  imports: [ConfigModule.forFeature(errorsConfig), InfoModule, OutboundModule],
  providers: [
    ...errorMetrics,
    { provide: UnexpectedErrors, inject: [errorsConfig.KEY, AppInfo, ServiceLog, OutboundCalls], useFactory: errorsOf },
  ],
  exports: [UnexpectedErrors],
})
export class ErrorsModule {}

function errorsOf(
  { sentryDsn: dsn, appEnv: environment }: ConfigType<typeof errorsConfig>,
  info: AppInfo,
  log: ServiceLog,
  outbound: OutboundCalls,
): UnexpectedErrors {
  if (dsn === undefined) return new UnexpectedErrors(null);
  const redact = (text: string) => log.secrets.redact(text);
  const { release } = info;
  return new UnexpectedErrors(new ErrorReporter({ dsn, release, environment, redact, peer: outbound.peer('sentry') }));
}
