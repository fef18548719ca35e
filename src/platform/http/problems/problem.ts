import type { FastifyReply, FastifyRequest } from 'fastify';
import { requestContext } from '../../../operations/logging/request-context.js';
import { requestIdOf } from '../../../operations/logging/request-id.js';
import type { DomainError } from './domain-error.js';

/** RFC 9457. `type` ends in the code; what the error adds of its own stands beside these members. */
export function problemOf(error: DomainError, instance: string, requestId: string): object {
  return {
    type: `urn:plimsoll:problem:${error.code}`,
    title: error.error.title,
    status: error.status,
    detail: error.detail,
    instance,
    requestId,
    ...error.extras,
  };
}

export function sendProblem(request: FastifyRequest, reply: FastifyReply, error: DomainError): void {
  const [path = ''] = request.url.split('?', 1);
  // No hook has run for what the router itself refuses.
  const requestId = requestContext.getStore()?.requestId ?? requestIdOf(request.headers);
  void reply
    .status(error.status)
    .headers({ ...error.headers, 'x-request-id': requestId })
    .header('content-type', 'application/problem+json')
    .serializer(JSON.stringify)
    .send(problemOf(error, path, requestId));
}
