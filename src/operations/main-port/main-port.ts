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
  readonly #probes: Record<string, () => OpsAnswer> = {
    '/livez': () => ok({ status: 'ok' }),
    '/readyz': () => readyz(this.process.readiness),
  };

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
      const path = request.url.split('?', 1)[0] ?? '';
      const probe = this.#probes[path];
      const isProbe = probe !== undefined && (request.method === 'GET' || request.method === 'HEAD');
      this.#observe(request, reply, path, isProbe);
      if (isProbe) sendProbe(reply, probe());
      else requestContext.run({ requestId: request.id }, done);
    });
    fastify.addHook('onSend', (_request, reply, _payload, done) => {
      // Clients that keep their connection would otherwise send their next request into a closed one.
      if (this.process.phase.isDraining) reply.header('Connection', 'close');
      done();
    });
  }

  /** `close` comes after every answer, finished or not; Fastify's `onResponse` does not come when the client goes away. */
  #observe(request: FastifyRequest, reply: FastifyReply, path: string, isProbe: boolean): void {
    request.id = requestIdOf(request.headers);
    reply.header('X-Request-Id', request.id);
    this.metrics.active += 1;
    reply.raw.once('close', () => {
      this.metrics.active -= 1;
      const route = isProbe ? path : (request.routeOptions.url ?? 'unmatched');
      const isAborted = !reply.raw.writableFinished;
      if (isAborted) this.metrics.aborted += 1;
      else this.metrics.durations.observe(request.method, route, reply.statusCode, reply.elapsedTime / 1000);
      if (!isProbe) this.#log(request, reply, path, route, isAborted);
    });
  }

  #log(request: FastifyRequest, reply: FastifyReply, path: string, route: string, isAborted: boolean): void {
    const { log } = this.process;
    if (!log.levels.allows('info', 'Request')) return;
    log.logger.info(
      {
        context: 'Request',
        requestId: request.id,
        method: request.method,
        path: path.slice(0, LONGEST_LOGGED_PATH),
        route,
        status: reply.statusCode,
        durationMs: Math.round(reply.elapsedTime * 10) / 10,
        ...(isAborted && { aborted: true }),
      },
      'request',
    );
  }
}

function sendProbe(reply: FastifyReply, answer: OpsAnswer): void {
  const { status, headers, body } = toWire(answer);
  void reply.code(status).headers(headers).send(body);
}
