import { DomainError, type ErrorTable, type FieldError } from '../../platform/http/problems/domain-error.js';
import { detailOf } from '../../platform/http/problems/http.errors.js';

export const incidentsErrors = {
  incidentNotFound: { code: 'incident-not-found', status: 404, title: 'There is no such incident' },
  // Not 422: whoever sends it drops the payload for good, and its documentation speaks of 400.
  malformedWebhook: { code: 'malformed-webhook', status: 400, title: 'This is no webhook of Alertmanager' },
} as const satisfies ErrorTable;

export function incidentNotFound(id: string): DomainError {
  return new DomainError(incidentsErrors.incidentNotFound, `There is no incident ${id}.`);
}

export function malformedWebhook(errors: readonly FieldError[]): DomainError {
  return new DomainError(incidentsErrors.malformedWebhook, detailOf(errors), { errors });
}
