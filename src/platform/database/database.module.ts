import { Module } from '@nestjs/common';
import { TypeOrmModule, type TypeOrmModuleOptions } from '@nestjs/typeorm';
import { SETTINGS, type Settings } from '../../operations/config/settings.js';
import { connectionConfig } from './connection-config.js';
import { Database } from './database.js';
import { DatabaseConnection } from './database-connection.js';
import { DatabaseCredentials, DatabaseCredentialsModule } from './database-credentials.js';
import { DatabaseMetrics, DatabaseMetricsModule } from './database-metrics.js';
import { DatabaseProbe } from './database-probe.js';
import { instrumentedClient } from './instrumented-client.js';
import { Notifications } from './notifications.js';
import { SchemaReport } from './schema-report.js';
import { SchemaVersion } from './schema-version.js';

@Module({
  imports: [
    DatabaseCredentialsModule,
    DatabaseMetricsModule,
    TypeOrmModule.forRootAsync({
      imports: [DatabaseCredentialsModule, DatabaseMetricsModule],
      inject: [SETTINGS, DatabaseMetrics, DatabaseCredentials],
      useFactory: typeOrmOptions,
    }),
  ],
  providers: [Database, DatabaseConnection, DatabaseProbe, Notifications, SchemaReport, SchemaVersion],
  exports: [Database, Notifications, SchemaVersion],
})
export class DatabaseModule {}

/** Initialised by DatabaseConnection, so that the server starts without its database. */
function typeOrmOptions(
  settings: Settings,
  metrics: DatabaseMetrics,
  credentials: DatabaseCredentials,
): TypeOrmModuleOptions {
  return {
    type: 'postgres',
    autoLoadEntities: true,
    manualInitialization: true,
    installExtensions: false,
    poolSize: settings.databasePoolSize,
    extra: { ...connectionConfig(settings.databaseUrl, 'plimsoll'), Client: instrumentedClient(metrics, credentials) },
  };
}
