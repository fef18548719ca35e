import type { IncomingHttpHeaders } from 'node:http';
import { requestIdOf } from '../logging/request-id.js';
import { operationsErrors } from './operations.errors.js';
import type { OpsAnswer } from './ops-routes.js';

interface ProblemRow {
  readonly code: string;
  readonly status: number;
  readonly title: string;
}

/** One code a status is enough here; a test holds the shared ones to those of the main port. */
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
const PROBLEM = 'application/problem+json';

export function ok(body: unknown): OpsAnswer {
  return { status: 200, body };
}

/** An error as the API gives them too: problem details (RFC 9457). {@link identified} adds which request it was. */
export function problem(status: number, detail: string, headers: Record<string, string> = {}): OpsAnswer {
  const { code, title } = rowByStatus.get(status) ?? { code: 'internal-error', title: 'Plimsoll failed' };
  const body = { type: `urn:plimsoll:problem:${code}`, title, status, detail };
  return { status, body, contentType: PROBLEM, headers };
}

/** 422 that names every place at fault by its JSON pointer (RFC 6901). */
export function invalid(
  detail: string,
  faults: ReadonlyArray<{ path: readonly PropertyKey[]; detail: string }>,
): OpsAnswer {
  const answer = problem(422, detail);
  const errors = faults.map((fault) => ({ pointer: pointerTo(fault.path), detail: fault.detail }));
  return { ...answer, body: { ...(answer.body as object), errors } };
}

function pointerTo(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** The answer with the id of its request, which a problem names in its body too. */
export function identified(
  answer: OpsAnswer,
  { url = '', headers }: { url?: string | undefined; headers: IncomingHttpHeaders },
  requestId = requestIdOf(headers),
): OpsAnswer {
  const instance = url.split('?', 1)[0] ?? '';
  const { type, title, status, detail, ...extras } = answer.body as Record<string, unknown>;
  const body =
    answer.contentType === PROBLEM ? { type, title, status, detail, instance, requestId, ...extras } : answer.body;
  return { ...answer, body, headers: { 'X-Request-Id': requestId, ...answer.headers } };
}

/** An answer as it goes over the wire. */
export interface WireAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export function toWire({ status, body, contentType = 'application/json', headers }: OpsAnswer): WireAnswer {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const length = String(Buffer.byteLength(text));
  return {
    status,
    headers: { 'Cache-Control': 'no-store', 'Content-Type': contentType, 'Content-Length': length, ...headers },
    body: text,
  };
}
