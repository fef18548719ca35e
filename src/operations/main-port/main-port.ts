import type { Socket } from 'node:net';
import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { readyz } from '../health/health-routes.js';
import { ok, toWire } from '../listener/ops-answers.js';
import type { OpsAnswer } from '../listener/ops-routes.js';
import { requestContext } from '../logging/request-context.js';
import { requestIdOf } from '../logging/request-id.js';
import { HttpMetrics } from '../metrics/http-metrics.js';
import { ServiceProcess } from '../service-process.js';

const LONGEST_LOGGED_PATH = 512;

/** What operations does on the port that serves the API: request ids, metrics, request lines, probes, draining. */
@Injectable()
export class MainPort {
  /** A healthy operations listener can hide a dead main port, so probes can come here too. */
  readonly #probes = new Map<string, () => OpsAnswer>([
    ['/livez', () => ok({ status: 'ok' })],
    ['/readyz', () => readyz(this.process.readiness)],
  ]);
  readonly #unanswered = new WeakMap<Socket, Set<FastifyReply>>();

  constructor(
    private readonly process: ServiceProcess,
    private readonly metrics: HttpMetrics,
  ) {}

  /**
   * To be called once, before any other hook is added: the probes `/livez` and `/readyz` are answered here, ahead of
   * authentication, and every hook after this one has the request id in {@link requestContext} and as `request.id`.
   */
  attach(fastify: FastifyInstance): void {
    fastify.addHook('onRoute', ({ method, url }) => this.process.mappings.add(method, url));
    fastify.addHook('onRequest', (request, reply, done) => {
      this.#begin(request, reply);
      const probe = this.#probeFor(request);
      if (probe) sendProbe(reply, probe());
      else requestContext.run({ requestId: request.id }, done);
    });
    fastify.addHook('onSend', (_request, reply, _payload, done) => {
      // Clients that keep their connection would otherwise send their next request into a closed one.
      if (this.process.phase.isDraining) reply.header('Connection', 'close');
      done();
    });
    fastify.addHook('onResponse', (request, reply, done) => {
      if (this.#unansweredOn(request.raw.socket).delete(reply)) this.#end(request, reply, false);
      done();
    });
  }

  /** What is answered to GET and HEAD without being a route. */
  get probePaths(): string[] {
    return [...this.#probes.keys()];
  }

  #probeFor(request: FastifyRequest): (() => OpsAnswer) | undefined {
    return request.method === 'GET' || request.method === 'HEAD' ? this.#probes.get(pathOf(request)) : undefined;
  }

  #begin(request: FastifyRequest, reply: FastifyReply): void {
    request.id = requestIdOf(request.headers);
    reply.header('X-Request-Id', request.id);
    this.#unansweredOn(request.raw.socket).add(reply);
    this.metrics.active += 1;
  }

  /** Fastify's `onResponse` does not come when the client goes away: that shows when the connection closes. */
  #unansweredOn(socket: Socket): Set<FastifyReply> {
    const known = this.#unanswered.get(socket);
    if (known) return known;
    const replies = new Set<FastifyReply>();
    this.#unanswered.set(socket, replies);
    socket.once('close', () => {
      for (const reply of replies) this.#end(reply.request, reply, true);
      replies.clear();
    });
    return replies;
  }

  #end(request: FastifyRequest, reply: FastifyReply, isAborted: boolean): void {
    const { id: requestId, method } = request;
    const { statusCode, elapsedTime: durationMs } = reply;
    const probe = this.#probeFor(request);
    const route = probe ? pathOf(request) : (request.routeOptions.url ?? 'unmatched');
    this.metrics.active -= 1;
    if (isAborted) this.metrics.aborted += 1;
    else this.metrics.durations.observe(method, route, statusCode, durationMs / 1000);
    if (probe) return;
    const path = pathOf(request).slice(0, LONGEST_LOGGED_PATH);
    const status = reply.raw.headersSent ? statusCode : null;
    this.process.log.writeRequest({ requestId, method, path, route, status, durationMs, isAborted });
  }
}

/** Without the query: it may hold what nobody should read in a log. */
function pathOf({ url }: FastifyRequest): string {
  const end = url.indexOf('?');
  return end === -1 ? url : url.slice(0, end);
}

function sendProbe(reply: FastifyReply, answer: OpsAnswer): void {
  const { status, headers, body } = toWire(answer);
  void reply.code(status).headers(headers).send(body);
}
