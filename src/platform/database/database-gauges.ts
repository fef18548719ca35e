import { makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import type { Pool } from 'pg';
import type { Gauge } from 'prom-client';
import { type DatabaseConfig, databaseConfig } from './database.config.js';
import { DatabaseConnection } from './database-connection.js';
import { DatabaseProbe } from './database-probe.js';
import { SchemaVersion } from './schema-version.js';

/** What is read where it lives when somebody scrapes. */
export const databaseGauges = [
  makeGaugeProvider({
    name: 'db_pool_connections',
    help: 'Connections of the pool that requests share.',
    labelNames: ['state'],
    inject: [DatabaseConnection],
    collect(this: Gauge, { requests }: DatabaseConnection) {
      setByState(this, requests.clients);
    },
  }),
  makeGaugeProvider({
    name: 'db_reserved_connections',
    help: 'Connections that gates have to themselves, beside the pool.',
    labelNames: ['state'],
    inject: [DatabaseConnection],
    collect(this: Gauge, { reserved }: DatabaseConnection) {
      setByState(this, reserved.clients);
    },
  }),
  makeGaugeProvider({
    name: 'db_pool_max_connections',
    help: 'The most connections that the pool makes.',
    inject: [databaseConfig.KEY],
    collect(this: Gauge, { databasePoolSize }: DatabaseConfig) {
      this.set(databasePoolSize);
    },
  }),
  makeGaugeProvider({
    name: 'db_pool_pending_requests',
    help: 'Who waits for a connection of the pool.',
    inject: [DatabaseConnection],
    collect(this: Gauge, { requests }: DatabaseConnection) {
      this.set(requests.clients?.waitingCount ?? 0);
    },
  }),
  makeGaugeProvider({
    name: 'db_migration_pending',
    help: 'Migrations that this build knows and the database lacks.',
    inject: [SchemaVersion],
    collect(this: Gauge, { lastSeen }: SchemaVersion) {
      this.set(lastSeen.pending.length);
    },
  }),
  makeGaugeProvider({
    name: 'tls_certificate_not_after_timestamp_seconds',
    help: 'Until when the certificate is valid that a peer last showed.',
    labelNames: ['peer'],
    inject: [DatabaseProbe],
    collect(this: Gauge, { certificateValidTo }: DatabaseProbe) {
      if (certificateValidTo) this.set({ peer: 'database' }, certificateValidTo.getTime() / 1000);
    },
  }),
];

/** There is no pool before the first connection. */
function setByState(gauge: Gauge, pool: Pool | null): void {
  const { totalCount = 0, idleCount = 0 } = pool ?? {};
  gauge.set({ state: 'idle' }, idleCount);
  gauge.set({ state: 'used' }, totalCount - idleCount);
}
