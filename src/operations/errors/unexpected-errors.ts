import { requestContext } from '../logging/request-context.js';
import type { ErrorReporter } from './error-reporter.js';
import { fingerprintOf } from './fingerprint.js';

export type ErrorKind = 'uncaughtException' | 'unhandledRejection' | 'logged';

/** Errors that nobody expected: those that nobody caught, and those that were logged as errors. */
export class UnexpectedErrors {
  readonly counts: Record<ErrorKind, number> = { uncaughtException: 0, unhandledRejection: 0, logged: 0 };

  constructor(private readonly reporter: ErrorReporter | null) {}

  capture(thrown: unknown, kind: ErrorKind): void {
    this.counts[kind] += 1;
    if (!this.reporter) return;
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    const requestId = requestContext.getStore()?.requestId;
    this.reporter.report({ error, fingerprint: fingerprintOf(error), kind, requestId });
  }

  async flush(withinMs: number): Promise<void> {
    await this.reporter?.flush(withinMs);
  }
}
