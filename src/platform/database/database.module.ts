import { Module } from '@nestjs/common';
import { TypeOrmModule, type TypeOrmModuleOptions } from '@nestjs/typeorm';
import { SETTINGS, type Settings } from '../../operations/config/settings.js';
import { connectionConfig } from './connection-config.js';
import { Database } from './database.js';
import { DatabaseConnection } from './database-connection.js';
import { DatabaseMetrics, DatabaseMetricsModule } from './database-metrics.js';
import { DatabaseProbe } from './database-probe.js';
import { instrumentedClient } from './instrumented-client.js';
import { Notifications } from './notifications.js';
import { SchemaVersion } from './schema-version.js';

@Module({
  imports: [
    DatabaseMetricsModule,
    TypeOrmModule.forRootAsync({
      imports: [DatabaseMetricsModule],
      inject: [SETTINGS, DatabaseMetrics],
      useFactory: typeOrmOptions,
    }),
  ],
  providers: [Database, DatabaseConnection, DatabaseProbe, Notifications, SchemaVersion],
  exports: [Database, Notifications, SchemaVersion],
})
export class DatabaseModule {}

/** Initialised by DatabaseConnection, so that the server starts without its database. */
function typeOrmOptions(settings: Settings, metrics: DatabaseMetrics): TypeOrmModuleOptions {
  return {
    type: 'postgres',
    autoLoadEntities: true,
    manualInitialization: true,
    installExtensions: false,
    poolSize: settings.databasePoolSize,
    extra: { ...connectionConfig(settings.databaseUrl, 'plimsoll'), Client: instrumentedClient(metrics) },
  };
}
