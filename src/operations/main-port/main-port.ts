import { Injectable } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { requestContext } from '../logging/request-context.js';
import { requestIdOf } from '../logging/request-id.js';
import { ServiceProcess } from '../service-process.js';

/** What operations does on the port that serves the API: request ids, metrics, request lines, probes, draining. */
@Injectable()
export class MainPort {
  constructor(private readonly process: ServiceProcess) {}

  /**
   * To be called once, before any other hook is added: the probes `/livez` and `/readyz` are answered here, ahead of
   * authentication, and every hook after this one has the request id in {@link requestContext}.
   */
  attach(fastify: FastifyInstance): void {
    fastify.addHook('onRequest', (request, reply, done) => {
      const requestId = requestIdOf(request.headers);
      reply.header('X-Request-Id', requestId);
      requestContext.run({ requestId }, done);
    });
    fastify.addHook('onSend', (_request, reply, _payload, done) => {
      if (this.process.phase.isDraining) reply.header('Connection', 'close');
      done();
    });
  }
}
