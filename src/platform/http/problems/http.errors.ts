import { boundedErrors } from '../../../operations/problems/field-errors.js';
import { DomainError, type ErrorTable, type FieldError } from './domain-error.js';

/** The problems that any route may answer; those of one feature alone stand in its own table. */
export const httpErrors = {
  malformedRequest: { code: 'malformed-request', status: 400, title: 'The request cannot be read' },
  malformedJson: { code: 'malformed-json', status: 400, title: 'The body is not acceptable JSON' },
  invalidCursor: { code: 'invalid-cursor', status: 400, title: 'The cursor is not one of this list' },
  idempotencyKeyRequired: { code: 'idempotency-key-required', status: 400, title: 'An Idempotency-Key is required' },
  idempotencyKeyInvalid: { code: 'idempotency-key-invalid', status: 400, title: 'The Idempotency-Key is not valid' },
  unauthenticated: { code: 'unauthenticated', status: 401, title: 'A valid token is required', mayPass: true },
  forbidden: { code: 'forbidden', status: 403, title: 'The token does not allow this', mayPass: true },
  routeNotFound: { code: 'route-not-found', status: 404, title: 'There is no such route' },
  notFound: { code: 'not-found', status: 404, title: 'There is no such resource' },
  methodNotAllowed: { code: 'method-not-allowed', status: 405, title: 'The route does not have this method' },
  requestTimeout: { code: 'request-timeout', status: 408, title: 'The request took too long to arrive' },
  idempotencyInFlight: {
    code: 'idempotency-in-flight',
    status: 409,
    title: 'The first request is still in flight',
    mayPass: true,
  },
  preconditionFailed: { code: 'precondition-failed', status: 412, title: 'The resource is no longer the one expected' },
  bodyTooLarge: { code: 'body-too-large', status: 413, title: 'The body is too large' },
  unsupportedMediaType: { code: 'unsupported-media-type', status: 415, title: 'The body is of the wrong media type' },
  expectationFailed: { code: 'expectation-failed', status: 417, title: 'The expectation cannot be met' },
  validationFailed: { code: 'validation-failed', status: 422, title: 'The request is not valid' },
  idempotencyMismatch: { code: 'idempotency-mismatch', status: 422, title: 'The key was used for another request' },
  tooManyRequests: { code: 'too-many-requests', status: 429, title: 'There were too many requests', mayPass: true },
  headersTooLarge: { code: 'headers-too-large', status: 431, title: 'The header fields are too large' },
  internalError: { code: 'internal-error', status: 500, title: 'Plimsoll failed' },
  databaseUnavailable: { code: 'database-unavailable', status: 503, title: 'The database does not answer' },
  issuerUnavailable: { code: 'issuer-unavailable', status: 503, title: 'The issuer of the token does not answer' },
  overloaded: { code: 'overloaded', status: 503, title: 'Plimsoll has too much to do' },
  schemaBehind: { code: 'schema-behind', status: 503, title: 'The database lacks migrations' },
} as const satisfies ErrorTable;

const MOST_SENTENCES = 5;

/** The 422 that names the places at fault, the first 50 of them; `pointer` is '' for the whole body. */
export function validationFailed(found: readonly FieldError[]): DomainError {
  const errors = boundedErrors(found);
  return new DomainError(httpErrors.validationFailed, detailOf(errors), { errors });
}

/** The first few of them, as a problem's detail. */
export function detailOf(errors: readonly FieldError[]): string {
  const sentences = errors.slice(0, MOST_SENTENCES).map(asSentence);
  if (errors.length > MOST_SENTENCES) sentences.push('And more: see errors.');
  return sentences.join(' ');
}

function asSentence({ pointer, detail }: FieldError): string {
  if (pointer !== '') return `${pointer}: ${detail}.`;
  return detail.startsWith('must ') ? `The body ${detail}.` : `${detail}.`;
}
