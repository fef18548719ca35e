import { QueryFailedError, QueryRunnerAlreadyReleasedError, QueryRunnerProviderAlreadyReleasedError } from 'typeorm';
import { DomainError } from '../http/problems/domain-error.js';
import { httpErrors } from '../http/problems/http.errors.js';

const LOST = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/** TypeORM takes a runner away from a transaction when its connection ends. The first is of statements, the second of handles. */
const RELEASED = [QueryRunnerAlreadyReleasedError, QueryRunnerProviderAlreadyReleasedError];

/** pg gives these no code. */
const LOST_MESSAGE =
  /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout|timeout expired|Client was closed|Client has encountered a connection error|Cannot use a pool after)/;

/**
 * Connection exceptions, no way in, shutdown and start of the server, too many connections, a statement or a pause in a
 * transaction that took too long.
 */
const LOST_SQLSTATE = /^(08...|28...|3D000|57P0.|53300|57014|25P03)$/;

/** The role, its password, the database's name. */
const NO_WAY_IN = /^(28...|3D000)$/;

/** A table, a column, a function, an object that is not there. */
const LACKING_SQLSTATE = new Set(['42P01', '42703', '42883', '42704']);

const CONFLICT_SQLSTATE = new Set(['40001', '40P01']);

/** Text that PostgreSQL cannot store: U+0000, or half a surrogate pair. */
const UNSTORABLE_SQLSTATE = new Set(['22021', '22P05']);

/** The SQLSTATE, or the code of the system, that is at the root of it. */
export function failureCode(error: unknown): string | undefined {
  const { code } = rootOf(error);
  return typeof code === 'string' ? code : undefined;
}

/** Whether PostgreSQL has rolled the transaction back because of another one, so that the whole may simply run again. */
export function isConflict(error: unknown): boolean {
  return CONFLICT_SQLSTATE.has(failureCode(error) ?? '');
}

/** Whether there is no database at the other end, which may be there a moment later. */
export function isAway(error: unknown): boolean {
  const code = failureCode(error) ?? '';
  return isLoss(error, code) && !NO_WAY_IN.test(code);
}

/** Whether a statement has met a schema without what it names. */
export function lacksSchema(error: unknown): boolean {
  return LACKING_SQLSTATE.has(failureCode(error) ?? '');
}

/** What clients are told of a failure of the database; any other error is given back as it is. */
export function asDomainError(error: unknown): unknown {
  const code = failureCode(error) ?? '';
  if (isLoss(error, code)) {
    return databaseUnavailable(error);
  }
  if (UNSTORABLE_SQLSTATE.has(code)) {
    return new DomainError(
      httpErrors.validationFailed,
      'A text holds a character that cannot be stored.',
      {},
      { cause: error },
    );
  }
  return error;
}

export function databaseUnavailable(cause?: unknown): DomainError {
  return new DomainError(
    httpErrors.databaseUnavailable,
    'Nothing was changed unless a retry with the same Idempotency-Key says so. Try again soon.',
    {},
    { cause, headers: { 'retry-after': '2' } },
  );
}

export function schemaBehind(cause: unknown): DomainError {
  return new DomainError(
    httpErrors.schemaBehind,
    'The database lacks migrations that this version needs: an operator has to run migrate. Try again then.',
    {},
    { cause, headers: { 'retry-after': '5' } },
  );
}

function isLoss(error: unknown, code: string): boolean {
  if (RELEASED.some((released) => error instanceof released) || LOST.has(code) || LOST_SQLSTATE.test(code)) {
    return true;
  }
  const { message } = rootOf(error);
  return typeof message === 'string' && LOST_MESSAGE.test(message);
}

/** Told by its members: an error of Node's own is not of this realm's class everywhere, under Jest for one. */
function rootOf(error: unknown): { readonly code?: unknown; readonly message?: unknown } {
  const root: unknown = error instanceof QueryFailedError ? error.driverError : error;
  return typeof root === 'object' && root !== null ? root : {};
}
