import type { FastifyReply, FastifyRequest } from 'fastify';
import { requestContext } from '../../operations/logging/request-context.js';
import type { DomainError } from './domain-error.js';

/** RFC 9457. `type` ends in the code; what the error adds of its own stands beside these members. */
export function problemOf(error: DomainError, instance: string, requestId: string | undefined): object {
  return {
    type: `urn:plimsoll:problem:${error.code}`,
    title: error.error.title,
    status: error.status,
    detail: error.detail,
    instance,
    ...(requestId === undefined ? {} : { requestId }),
    ...error.extras,
  };
}

export function sendProblem(request: FastifyRequest, reply: FastifyReply, error: DomainError): void {
  const [path = ''] = request.url.split('?', 1);
  const requestId = requestContext.getStore()?.requestId;
  void reply
    .status(error.status)
    .headers(error.headers)
    .header('content-type', 'application/problem+json')
    .serializer(JSON.stringify)
    .send(problemOf(error, path, requestId));
}
