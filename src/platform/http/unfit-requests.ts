import type { FastifyInstance, FastifyRequest } from 'fastify';
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

function faultOf({ headers, raw }: FastifyRequest): DomainError | undefined {
  if (headers.host === undefined && raw.httpVersion === '1.1') {
    return new DomainError(httpErrors.malformedRequest, 'A request of HTTP/1.1 needs a Host header.');
  }
  if (headers.expect !== undefined && headers.expect.toLowerCase() !== '100-continue') {
    return new DomainError(httpErrors.expectationFailed, 'The only expectation that is known here is 100-continue.');
  }
  return undefined;
}

/** 405 has to name the methods that there are, and a tunnel has none. */
function noProxy(): DomainError {
  const options = { headers: { allow: '' } };
  return new DomainError(httpErrors.methodNotAllowed, 'Plimsoll is no proxy: it makes no tunnels.', {}, options);
}
