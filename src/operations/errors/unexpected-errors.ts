import { requestContext } from '../logging/request-context.js';
import { tracing } from '../tracing/tracing.js';
import type { ErrorReporter } from './error-reporter.js';
import { fingerprintOf } from './fingerprint.js';

export type ErrorKind = 'uncaughtException' | 'unhandledRejection' | 'logged';

/** Unexpected errors: those that were not caught, and those that were logged as errors. */
export class UnexpectedErrors {
  readonly counts: Record<ErrorKind, number> = { uncaughtException: 0, unhandledRejection: 0, logged: 0 };

  constructor(private readonly reporter: ErrorReporter | null) {}

  capture(thrown: unknown, kind: ErrorKind): void {
    this.counts[kind] += 1;
    if (!this.reporter) return;
    const error = thrown instanceof Error ? thrown : withoutStack(thrown);
    const requestId = requestContext.getStore()?.requestId;
    const trace = tracing.spans?.ids();
    this.reporter.report({ error, fingerprint: fingerprintOf(error), kind, requestId, trace });
  }

  async flush(withinMs: number): Promise<void> {
    await this.reporter?.flush(withinMs);
  }
}

/** A thrown value that is not an Error has no stack. The stack of this line would be misleading. */
function withoutStack(thrown: unknown): Error {
  const error = new Error(String(thrown));
  delete error.stack;
  return error;
}
