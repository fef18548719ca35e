import { Module } from '@nestjs/common';
import { TypeOrmModule, type TypeOrmModuleOptions } from '@nestjs/typeorm';
import { SETTINGS, type Settings } from '../../operations/config/settings.js';
import { connectionConfig } from './connection-config.js';
import { Database } from './database.js';
import { DatabaseConnection } from './database-connection.js';
import { DatabaseProbe } from './database-probe.js';
import { Notifications } from './notifications.js';
import { SchemaVersion } from './schema-version.js';

@Module({
  imports: [TypeOrmModule.forRootAsync({ inject: [SETTINGS], useFactory: typeOrmOptions })],
  providers: [Database, DatabaseConnection, DatabaseProbe, Notifications, SchemaVersion],
  exports: [Database, Notifications, SchemaVersion],
})
export class DatabaseModule {}

/** Initialised by DatabaseConnection, so that the server starts without its database. */
function typeOrmOptions(settings: Settings): TypeOrmModuleOptions {
  return {
    type: 'postgres',
    autoLoadEntities: true,
    manualInitialization: true,
    installExtensions: false,
    poolSize: settings.databasePoolSize,
    extra: connectionConfig(settings.databaseUrl, 'plimsoll'),
  };
}
