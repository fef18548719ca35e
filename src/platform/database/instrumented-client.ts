import { Client, type ClientConfig } from 'pg';
import type { DatabaseCredentials } from './database-credentials.js';
import { tracing } from '../../operations/tracing/tracing.js';
import type { DatabaseMetrics } from './database-metrics.js';
import { queryLabels } from './query-labels.js';

type Release = (destroy?: Error | boolean) => void;

/** A client of the pool whose statements are measured, and which is given up for lost when one gets no answer. */
export function instrumentedClient(metrics: DatabaseMetrics, credentials: DatabaseCredentials): typeof Client {
  class InstrumentedClient extends Client {
    private readonly url = credentials.url;
    private giveBack: Release = () => undefined;

    constructor(config?: ClientConfig) {
      super({ ...config, ...credentials.queryConfig('plimsoll') });
      // The query that was running fails with the same error; unheard, the event would end the process.
      this.on('error', () => undefined);
    }

    /** The pool sets it at every acquisition. Made with credentials of before, the connection is closed instead. */
    set release(giveBack: Release) {
      this.giveBack = giveBack;
    }

    get release(): Release {
      return (destroy) => this.giveBack(destroy ?? this.url !== credentials.url);
    }

    // pg's overloads are many; this passes all of them on.
    override query(...given: unknown[]): never {
      const args = credentials.hasPooler ? given.map(withoutName) : given;
      const startedAt = performance.now();
      const result = Reflect.apply(super.query, this, args) as unknown;
      const observe = () => metrics.observeQuery(textOf(args[0]), startedAt);
      if (result instanceof Promise) {
        tracing.spans?.statement(queryLabels(textOf(args[0])), textOf(args[0]), result);
        result.then(observe, (error: Error) => {
          observe();
          this.fail(error);
        });
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

/** The pooler may send the next statement to another connection, which has not prepared it. */
function withoutName(argument: unknown): unknown {
  if (argument === null || typeof argument !== 'object' || !('name' in argument)) return argument;
  const { name: _, ...query } = argument;
  return query;
}

function textOf(query: unknown): string {
  return typeof query === 'string' ? query : (query as { text: string }).text;
}
