import { DomainError, type ErrorTable } from '../../platform/http/problems/domain-error.js';

export const importsErrors = {
  importInterrupted: { code: 'import-interrupted', status: 503, title: 'The import has not been finished' },
} as const satisfies ErrorTable;

/** `cause` is what ended it; `lines` have been taken in or refused, those that wait for the last one not counted. */
export function importInterrupted(why: string, lines: number, cause?: unknown): DomainError {
  return new DomainError(
    importsErrors.importInterrupted,
    `${why} Up to line ${lines} it was kept. Send all of it again: what is known by then counts as existing.`,
    {},
    { cause, headers: { 'retry-after': '5' } },
  );
}
