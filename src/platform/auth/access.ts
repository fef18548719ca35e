import { DomainError } from '../http/problems/domain-error.js';
import { httpErrors } from '../http/problems/http.errors.js';
import { roleAllows, type Principal, type Role } from './principal.js';

/** 403 unless the principal's role includes what `required` may do. For what a body asks beyond the route's own role. */
export function assertRole(principal: Principal, required: Role): void {
  if (!roleAllows(principal.role, required)) {
    throw new DomainError(
      httpErrors.forbidden,
      `This takes the role ${required}; the token "${principal.name}" has ${principal.role}.`,
    );
  }
}

/** 403 if the principal's token is bound to another service, or service is null and so asks for all. Routes with `:service` in their path are checked already. */
export function assertServiceAllowed(principal: Principal, service: string | null): void {
  if (principal.service !== null && principal.service !== service) {
    throw new DomainError(
      httpErrors.forbidden,
      `The token "${principal.name}" is bound to the service "${principal.service}".`,
    );
  }
}
