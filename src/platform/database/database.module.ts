import { Module } from '@nestjs/common';
import { TypeOrmModule, type TypeOrmModuleOptions } from '@nestjs/typeorm';
import { ConfigModule } from '../../operations/config/config.module.js';
import { type DatabaseConfig, databaseConfig } from './database.config.js';
import { Database, ReservedDatabase } from './database.js';
import { DatabaseConnection } from './database-connection.js';
import { DatabaseCredentials, DatabaseCredentialsModule } from './database-credentials.js';
import { databaseGauges } from './database-gauges.js';
import { DatabaseMetrics, DatabaseMetricsModule } from './database-metrics.js';
import { DatabaseProbe } from './database-probe.js';
import { instrumentedClient } from './instrumented-client.js';
import { instrumentedDriver } from './instrumented-pool.js';
import { Notifications } from './notifications.js';
import { SchemaReport } from './schema-report.js';
import { SchemaVersion } from './schema-version.js';

@Module({
  imports: [
    ConfigModule.forFeature(databaseConfig),
    DatabaseCredentialsModule,
    DatabaseMetricsModule,
    TypeOrmModule.forRootAsync({
      imports: [ConfigModule.forFeature(databaseConfig), DatabaseCredentialsModule, DatabaseMetricsModule],
      inject: [databaseConfig.KEY, DatabaseMetrics, DatabaseCredentials],
      useFactory: typeOrmOptions,
    }),
  ],
  providers: [
    ...databaseGauges,
    Database,
    DatabaseConnection,
    DatabaseProbe,
    Notifications,
    ReservedDatabase,
    SchemaReport,
    SchemaVersion,
  ],
  exports: [Database, ReservedDatabase, Notifications, SchemaVersion],
})
export class DatabaseModule {}

/** Initialised by DatabaseConnection, so that the server starts without its database. */
function typeOrmOptions(
  { databasePoolSize }: DatabaseConfig,
  metrics: DatabaseMetrics,
  credentials: DatabaseCredentials,
): TypeOrmModuleOptions {
  return {
    type: 'postgres',
    driver: instrumentedDriver(metrics),
    autoLoadEntities: true,
    manualInitialization: true,
    installExtensions: false,
    poolSize: databasePoolSize,
    extra: { ...credentials.queryConfig('plimsoll'), Client: instrumentedClient(metrics, credentials) },
  };
}
