/** RFC 9457, as every refusal of the API is told. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly requestId?: string;
  readonly errors?: ReadonlyArray<{ readonly pointer: string; readonly detail: string }>;
  readonly [member: string]: unknown;
}

/** The API, or something before it, has refused a request. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  constructor(
    readonly status: number,
    /** `slot-busy`; what a program should look at. Empty where no problem of Plimsoll's was answered. */
    readonly code: string,
    readonly problem: Problem,
    /** The answer's `Retry-After`, in seconds. */
    readonly retryAfterSeconds: number | null,
  ) {
    super(problem.detail);
  }

  /** `body` is what was answered, if it could be read. */
  static of(response: Response, body: unknown): ProblemError {
    const retryAfter = Number(response.headers.get('retry-after') ?? NaN);
    const isProblem = typeof body === 'object' && body !== null && typeof (body as Problem).type === 'string';
    const problem = isProblem ? (body as Problem) : unknownProblem(response);
    const code = isProblem ? (problem.type.split(/[/#:]/).at(-1) ?? '') : '';
    return new ProblemError(response.status, code, problem, Number.isFinite(retryAfter) ? retryAfter : null);
  }
}

function unknownProblem({ status, statusText, url }: Response): Problem {
  const detail = `${new URL(url).origin} answers ${status} ${statusText}, and not as Plimsoll does.`;
  return { type: 'about:blank', title: statusText, status, detail };
}
