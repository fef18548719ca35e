import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Socket } from 'node:net';
import { Inject, Injectable } from '@nestjs/common';
import type { ConfigType } from '@nestjs/config';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { OperationsAudit } from '../audit/operations-audit.js';
import { settingsPart } from '../config/settings-part.js';
import { ConnectionLimit, type ConnectionState } from '../intake/connection-limit.js';
import { defaultOpsMaxConnections } from '../intake/memory-limit.js';
import { hasBody } from '../intake/request-body.js';
import { faultOfHead } from '../intake/request-head.js';
import { requestContext } from '../logging/request-context.js';
import { requestIdOf } from '../logging/request-id.js';
import { endWithProblem, Problem, refuseConnection } from '../problems/problem.js';
import { pathOf } from '../problems/problem.filter.js';
import { OpsCounts } from './ops-counts.js';
import { OpsHosts } from './ops-hosts.js';
import { OpsRoutes, patternOf } from './ops-routes.js';

export const portConfig = settingsPart('port', 'opsHost', 'opsAllowedHosts', 'opsMaxConnections');

const statusByCode: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** What the operations port does with every request: whom it answers, how many at once, what it counts and audits. */
@Injectable()
export class OpsPort {
  readonly #hosts: OpsHosts;
  /** The last request of each connection, until it is answered. */
  readonly #unanswered = new WeakMap<Socket, IncomingMessage | null>();

  constructor(
    @Inject(portConfig.KEY) private readonly config: ConfigType<typeof portConfig>,
    private readonly routes: OpsRoutes,
    private readonly counts: OpsCounts,
    private readonly audit: OperationsAudit,
  ) {
    this.#hosts = new OpsHosts(config.opsHost, config.opsAllowedHosts);
  }

  /** Call this once, before the routes are registered. */
  attach(fastify: FastifyInstance): void {
    this.#limitConnections(fastify);
    this.#refuseUnparsable(fastify);
    fastify.setGenReqId(({ headers }) => requestIdOf(headers));
    // An interceptor reads the body, once the guard has allowed the request.
    fastify.removeAllContentTypeParsers();
    fastify.addContentTypeParser('*', (_request, _payload, done) => done(null));
    fastify.addHook('onRoute', ({ method, url, config }) => this.routes.add(method, url, config?.access ?? 'write'));
    fastify.addHook('onRequest', (request, reply, done) => {
      reply.headers({ 'x-request-id': request.id, 'cache-control': 'no-store' });
      requestContext.enterWith({ requestId: request.id });
      done(this.#faultOf(request.raw));
    });
    fastify.addHook('onSend', (request, reply, _payload, done) => {
      // Nobody reads the rest of the body.
      if (hasBody(request.raw) && !request.raw.complete) reply.header('connection', 'close');
      this.#observe(request, reply);
      done();
    });
  }

  #limitConnections({ server }: FastifyInstance): void {
    server.on('request', (request, response) => {
      this.#unanswered.set(request.socket, request);
      response.once('close', () => this.#unanswered.set(request.socket, null));
    });
    const most = this.config.opsMaxConnections ?? defaultOpsMaxConnections();
    new ConnectionLimit(most, (socket) => this.#stateOf(socket), refuseConnection).attach(server);
  }

  #stateOf(socket: Socket): ConnectionState {
    const request = this.#unanswered.get(socket);
    if (request === undefined) return 'fresh';
    if (request === null) return 'idle';
    return request.complete ? 'answering' : 'receiving';
  }

  /** Invalid HTTP, and tunnels, get a problem. Node would close the connection without an answer. */
  #refuseUnparsable({ server }: FastifyInstance): void {
    server.removeAllListeners('clientError').on('clientError', (error: NodeJS.ErrnoException, socket) => {
      if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
      const status = statusByCode[error.code ?? ''] ?? 400;
      this.#refuse(socket, new Problem(status, 'The request is not acceptable HTTP.'));
    });
    server.on('connect', (_request, socket) =>
      this.#refuse(socket, new Problem(405, 'There are no tunnels here.', { Allow: '' })),
    );
    server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  }

  #refuse(socket: Duplex, problem: Problem): void {
    const status = problem.getStatus();
    endWithProblem(socket, problem);
    this.counts.add('unmatched', status);
    this.audit.observe({ method: '', path: '', access: 'open', status });
  }

  /** Valid HTTP that a server should still refuse. */
  #faultOf(request: IncomingMessage): Problem | undefined {
    const fault = faultOfHead(request);
    if (fault) return new Problem(fault.status, fault.detail, { Connection: 'close' });
    const { host } = request.headers;
    if (host === undefined || this.#hosts.allows(host)) return undefined;
    return new Problem(
      421,
      'This port does not answer to that Host: OPS_ALLOWED_HOSTS names those that it answers to.',
    );
  }

  #observe(request: FastifyRequest, { statusCode: status }: FastifyReply): void {
    const path = pathOf(request);
    const { url, config } = request.routeOptions;
    const pattern = url === undefined ? (this.routes.at(path)[0]?.path ?? 'unmatched') : patternOf(url);
    this.counts.add(pattern, status);
    const { method, change } = request;
    const access = request.is404 ? 'open' : (config.access ?? 'write');
    requestContext.run({ requestId: request.id }, () => this.audit.observe({ method, path, access, status, change }));
  }
}
