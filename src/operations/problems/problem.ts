import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { HttpException } from '@nestjs/common';
import { requestIdOf } from '../logging/request-id.js';
import { type FieldError, boundedErrors, MOST_ERRORS, pointerTo } from './field-errors.js';
import { operationsErrors } from './operations.errors.js';

interface ProblemRow {
  readonly code: string;
  readonly status: number;
  readonly title: string;
}

/** One code for each status is enough here. A test compares the shared codes with those of the main port. */
export const opsProblems: readonly ProblemRow[] = [
  { code: 'malformed-request', status: 400, title: 'The request cannot be read' },
  { code: 'unauthenticated', status: 401, title: 'A valid token is required' },
  { code: 'forbidden', status: 403, title: 'The token does not allow this' },
  { code: 'not-found', status: 404, title: 'There is no such resource' },
  { code: 'method-not-allowed', status: 405, title: 'The route does not have this method' },
  { code: 'request-timeout', status: 408, title: 'The request took too long to arrive' },
  { code: 'precondition-failed', status: 412, title: 'The resource is no longer the one expected' },
  { code: 'body-too-large', status: 413, title: 'The body is too large' },
  { code: 'unsupported-media-type', status: 415, title: 'The body is of the wrong media type' },
  { code: 'expectation-failed', status: 417, title: 'The expectation cannot be met' },
  { code: 'validation-failed', status: 422, title: 'The request is not valid' },
  { code: 'too-many-requests', status: 429, title: 'There were too many requests' },
  { code: 'headers-too-large', status: 431, title: 'The header fields are too large' },
  { code: 'internal-error', status: 500, title: 'Plimsoll failed' },
  ...Object.values(operationsErrors),
];

const rowByStatus = new Map(opsProblems.map((row) => [row.status, row]));

export const PROBLEM = 'application/problem+json';

/** An error in the form of the API: problem details (RFC 9457). If it is thrown, the filter answers with it. */
export class Problem extends HttpException {
  override readonly name = 'Problem';

  constructor(
    status: number,
    readonly detail: string,
    readonly headers: Readonly<Record<string, string>> = {},
    readonly errors?: readonly FieldError[],
  ) {
    super(detail, status);
  }

  /** `instance` is the path of the request. */
  body(instance: string, requestId: string): object {
    const status = this.getStatus();
    const { code, title } = rowByStatus.get(status) ?? { code: 'internal-error', title: 'Plimsoll failed' };
    const { detail, errors } = this;
    return {
      type: `urn:plimsoll:problem:${code}`,
      title,
      status,
      detail,
      instance,
      requestId,
      ...(errors && { errors }),
    };
  }
}

/** A 422 that names the faulty places by their JSON pointers (RFC 6901). */
export function invalid(
  detail: string,
  faults: ReadonlyArray<{ path: readonly PropertyKey[]; detail: string }>,
): Problem {
  const few = faults
    .slice(0, MOST_ERRORS)
    .map(({ path, detail: told }) => ({ pointer: pointerTo(path), detail: told }));
  return new Problem(422, detail, {}, boundedErrors(few));
}

/** Answers on a socket for which there is no request object, and closes it. */
export function endWithProblem(socket: Duplex, problem: Problem): void {
  const requestId = requestIdOf({});
  const body = JSON.stringify(problem.body('', requestId));
  const headers = {
    'Cache-Control': 'no-store',
    'X-Request-Id': requestId,
    'Content-Type': PROBLEM,
    'Content-Length': Buffer.byteLength(body),
    ...problem.headers,
    Connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const status = problem.getStatus();
  socket.end([`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', body].join('\r\n'));
}

/** For a connection above the limit. */
export function refuseConnection(socket: Duplex): void {
  endWithProblem(socket, new Problem(503, 'There are too many connections.', { 'Retry-After': '1' }));
}
