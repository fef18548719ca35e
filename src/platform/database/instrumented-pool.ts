import pg, { Pool, type PoolClient } from 'pg';
import type { DatabaseMetrics } from './database-metrics.js';

type Callback = Parameters<Pool['connect']>[0];

/** pg, for TypeORM, with a pool that measures every wait for a connection: whoever waits, and in vain too. */
export function instrumentedDriver(metrics: DatabaseMetrics): typeof pg {
  class InstrumentedPool extends Pool {
    override connect(): Promise<PoolClient>;
    override connect(callback: Callback): void;
    override connect(callback?: Callback): Promise<PoolClient> | void {
      const startedAt = performance.now();
      if (callback) {
        return super.connect((error, client, release) => {
          metrics.observeAcquisition(startedAt, error);
          callback(error, client, release);
        });
      }
      const connection = super.connect();
      connection.then(
        () => metrics.observeAcquisition(startedAt),
        (error: Error) => metrics.observeAcquisition(startedAt, error),
      );
      return connection;
    }
  }
  return { ...pg, Pool: InstrumentedPool };
}
