import { Client, type ClientConfig } from 'pg';
import type { DatabaseMetrics } from './database-metrics.js';

/** A client of the pool whose statements are measured, and which is given up for lost when one gets no answer. */
export function instrumentedClient(metrics: DatabaseMetrics): typeof Client {
  class InstrumentedClient extends Client {
    constructor(config?: string | ClientConfig) {
      super(config);
      // The query that was running fails with the same error; unheard, the event would end the process.
      this.on('error', () => undefined);
    }

    // pg's overloads are many; this passes all of them on.
    override query(...args: unknown[]): never {
      const startedAt = performance.now();
      const result = Reflect.apply(super.query, this, args) as unknown;
      if (result instanceof Promise) {
        result.then(
          () => metrics.observeQuery(textOf(args[0]), startedAt),
          (error: Error) => this.fail(error),
        );
      }
      return result as never;
    }

    private fail(error: Error): void {
      metrics.countError(error);
      if (error.message === 'Query read timeout') {
        // pg would wait on for the answer, and every later statement behind it.
        void this.end();
      }
    }
  }
  return InstrumentedClient as typeof Client;
}

function textOf(query: unknown): string {
  return typeof query === 'string' ? query : (query as { text: string }).text;
}
