import { cut } from '../../../operations/problems/field-errors.js';

export type { FieldError } from '../../../operations/problems/field-errors.js';

/** Some details quote what was sent, and are kept for an Idempotency-Key. */
const LONGEST_DETAIL = 2000;

/** One row of a feature's table of errors. `code` ends the problem's `type` and never changes once published. */
export interface ErrorRow {
  readonly code: string;
  readonly status: number;
  readonly title: string;
  /** What is refused now may pass later: such a refusal is not kept for its Idempotency-Key. */
  readonly mayPass?: true;
}

export type ErrorTable = Readonly<Record<string, ErrorRow>>;

export interface DomainErrorOptions extends ErrorOptions {
  /** Sent with the problem, `Allow` or `Retry-After` for instance. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * What a service throws when it refuses: the problem filter makes it a problem document with the row's status.
 * `extras` become top-level members of the problem (`holder`, `state`), so they must be fit for a client's eyes.
 */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  readonly headers: Readonly<Record<string, string>>;
  /** At most 2000 characters. */
  readonly detail: string;

  constructor(
    readonly error: ErrorRow,
    detail: string,
    readonly extras: Readonly<Record<string, unknown>> = {},
    { headers = {}, ...options }: DomainErrorOptions = {},
  ) {
    const told = cut(detail, LONGEST_DETAIL);
    // `detail` is advice for clients. What is logged of a failure is what failed, and pino adds the causes.
    super(options.cause === undefined ? told : error.title, options);
    this.detail = told;
    this.headers = headers;
  }

  get code(): string {
    return this.error.code;
  }

  get status(): number {
    return this.error.status;
  }
}
