import { NotFoundException } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { faultOfHead } from '../../operations/intake/request-head.js';
import { DomainError } from './problems/domain-error.js';
import { httpErrors } from './problems/http.errors.js';
import { endWithProblem } from './problems/raw-problem.js';

/**
 * What is HTTP and yet nothing that a server has to take. Node would refuse it by itself, without a problem document,
 * a request id or a line in the log.
 */
export function refuseUnfitRequests(fastify: FastifyInstance): void {
  const { server } = fastify;
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  server.on('connect', (_request, socket) => endWithProblem(socket, noProxy()));
  fastify.addHook('onRequest', (request, _reply, done) => done(faultOf(request)));
}

const rowByStatus = { 400: httpErrors.malformedRequest, 417: httpErrors.expectationFailed } as const;

function faultOf(request: FastifyRequest): Error | undefined {
  const fault = faultOfHead(request.raw);
  if (fault) return new DomainError(rowByStatus[fault.status], fault.detail, {}, { headers: { connection: 'close' } });
  // Fastify would read the body first, of whoever sends it.
  return request.is404 ? new NotFoundException() : undefined;
}

/** 405 has to name the methods that there are, and a tunnel has none. */
function noProxy(): DomainError {
  const options = { headers: { allow: '' } };
  return new DomainError(httpErrors.methodNotAllowed, 'Plimsoll is no proxy: it makes no tunnels.', {}, options);
}
