/** One row of a feature's table of errors. `code` ends the problem's `type` and never changes once published. */
export interface ErrorRow {
  readonly code: string;
  readonly status: number;
  readonly title: string;
  /** What is refused now may pass later: such a refusal is not kept for its Idempotency-Key. */
  readonly mayPass?: true;
}

export type ErrorTable = Readonly<Record<string, ErrorRow>>;

/** What is wrong with one place of a body: an RFC 6901 pointer to it, and how to mend it. */
export interface FieldError {
  readonly pointer: string;
  readonly detail: string;
}

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

  constructor(
    readonly error: ErrorRow,
    readonly detail: string,
    readonly extras: Readonly<Record<string, unknown>> = {},
    { headers = {}, ...options }: DomainErrorOptions = {},
  ) {
    super(detail, options);
    this.headers = headers;
  }

  get code(): string {
    return this.error.code;
  }

  get status(): number {
    return this.error.status;
  }
}
