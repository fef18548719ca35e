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

interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly path: string;
  readonly isProbe: boolean;
  readonly startedAt: number;
}

/** What operations does on the port that serves the API: request ids, metrics, request lines, probes, draining. */
@Injectable()
export class MainPort {
  /** A healthy operations listener can hide a dead main port, so probes can come here too. */
  readonly #probes = new Map<string, () => OpsAnswer>([
    ['/livez', () => ok({ status: 'ok' })],
    ['/readyz', () => readyz(this.process.readiness)],
  ]);
  readonly #unanswered = new Map<Socket, Exchange[]>();

  constructor(
    private readonly process: ServiceProcess,
    private readonly metrics: HttpMetrics,
  ) {}

  /**
   * To be called once, before any other hook is added: the probes `/livez` and `/readyz` are answered here, ahead of
   * authentication, and every hook after this one has the request id in {@link requestContext} and as `request.id`.
   */
  attach(fastify: FastifyInstance): void {
    fastify.setGenReqId(({ headers }) => requestIdOf(headers));
    fastify.addHook('onRoute', ({ method, url }) => this.process.mappings.add(method, url));
    fastify.addHook('onRequest', (request, reply, done) => {
      const path = pathOf(request);
      const probe = isRead(request) ? this.#probes.get(path) : undefined;
      this.#begin({ request, reply, path, isProbe: probe !== undefined, startedAt: performance.now() });
      if (probe) return sendProbe(reply, probe());
      // It ends with the parser's callback that this hook runs in; `run` would make a second frame to return to.
      requestContext.enterWith({ requestId: request.id });
      done();
    });
    this.process.phase.onChange((phase) => {
      if (phase === 'draining') for (const { reply } of [...this.#unanswered.values()].flat()) sendAway(reply);
    });
  }

  /** What is answered to GET and HEAD without being a route. */
  get probePaths(): string[] {
    return [...this.#probes.keys()];
  }

  #begin(exchange: Exchange): void {
    const { request, reply } = exchange;
    reply.header('x-request-id', request.id);
    if (this.process.phase.isDraining) sendAway(reply);
    const unanswered = this.#unansweredOn(request.raw.socket);
    unanswered.push(exchange);
    this.metrics.active += 1;
    // Fastify's `onResponse` costs twice as much: two listeners, taken off again, and a runner of hooks.
    reply.raw.on('finish', () => {
      // Answers leave a connection in the order of their requests. It is not there if the client went away before.
      if (unanswered[0] !== exchange) return;
      unanswered.shift();
      this.#end(exchange, false);
    });
  }

  /** The answer is never finished when the client goes away: that shows when the connection closes. */
  #unansweredOn(socket: Socket): Exchange[] {
    const known = this.#unanswered.get(socket);
    if (known) return known;
    const exchanges: Exchange[] = [];
    this.#unanswered.set(socket, exchanges);
    socket.once('close', () => {
      this.#unanswered.delete(socket);
      for (const exchange of exchanges.splice(0)) this.#end(exchange, true);
    });
    return exchanges;
  }

  #end({ request, reply, path, isProbe, startedAt }: Exchange, isAborted: boolean): void {
    const { id: requestId, method } = request;
    const { statusCode } = reply;
    const durationMs = performance.now() - startedAt;
    const route = isProbe ? path : (request.routeOptions.url ?? 'unmatched');
    this.metrics.active -= 1;
    if (isAborted) this.metrics.aborted += 1;
    else this.metrics.durations.observe(method, route, statusCode, durationMs / 1000);
    if (isProbe) return;
    const status = reply.raw.headersSent ? statusCode : null;
    const shortPath = path.slice(0, LONGEST_LOGGED_PATH);
    this.process.log.writeRequest({ requestId, method, path: shortPath, route, status, durationMs, isAborted });
  }
}

function isRead({ method }: FastifyRequest): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** Without the query: it may hold what nobody should read in a log. */
function pathOf({ url }: FastifyRequest): string {
  const end = url.indexOf('?');
  return end === -1 ? url : url.slice(0, end);
}

/** Clients that keep their connection would otherwise send their next request into a closed one. */
function sendAway(reply: FastifyReply): void {
  reply.header('connection', 'close');
}

function sendProbe(reply: FastifyReply, answer: OpsAnswer): void {
  const { status, headers, body } = toWire(answer);
  void reply.code(status).headers(headers).send(body);
}
