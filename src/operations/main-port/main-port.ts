import type { Socket } from 'node:net';
import { Inject, Injectable } from '@nestjs/common';
import type { ConfigType } from '@nestjs/config';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { settingsPart } from '../config/settings-part.js';
import { BytesInFlight } from '../intake/bytes-in-flight.js';
import { ConnectionLimit, type ConnectionState } from '../intake/connection-limit.js';
import { defaultMaxConnections, maxBytesInFlight } from '../intake/memory-limit.js';
import { ProcessPhase } from '../lifecycle/process-phase.js';
import { requestContext } from '../logging/request-context.js';
import { requestIdOf } from '../logging/request-id.js';
import { ServiceLog } from '../logging/service-log.js';
import { HttpMetrics } from '../metrics/http-metrics.js';
import { refuseConnection } from '../problems/problem.js';
import type { RequestSpan } from '../tracing/open-spans.js';
import { tracing } from '../tracing/tracing.js';
import { Mappings } from './mappings.js';

export const mainPortConfig = settingsPart('mainPort', 'maxConnections');

const LONGEST_LOGGED_PATH = 512;
/** Not logged, because they arrive every few seconds from everywhere. */
const probes: ReadonlySet<string> = new Set(['/livez', '/readyz']);

/** Information of a route for its metrics. */
export interface ObservedRouteConfig {
  /** The query parameter that makes a request a long poll if it is a number above 0. */
  waitsBy?: string;
}

declare module 'fastify' {
  interface FastifyContextConfig extends ObservedRouteConfig {}
}

interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly path: string;
  readonly startedAt: number;
  /** Missing for probes, and while tracing is off. */
  readonly span: RequestSpan | undefined;
}

/** The work of operations on the API's port: request ids, metrics, request lines, limits, draining. */
@Injectable()
export class MainPort {
  readonly #unanswered = new Map<Socket, Exchange[]>();
  /** For code that reads bodies and sends answers. */
  readonly bytesInFlight = new BytesInFlight(maxBytesInFlight());

  constructor(
    @Inject(mainPortConfig.KEY) private readonly config: ConfigType<typeof mainPortConfig>,
    private readonly phase: ProcessPhase,
    private readonly log: ServiceLog,
    private readonly metrics: HttpMetrics,
    private readonly mappings: Mappings,
  ) {}

  /**
   * To be called once, before any other hook is added: every one after this has the request id in
   * {@link requestContext} and as `request.id`.
   * `refuse` answers on a connection beyond those that there may be.
   */
  attach(fastify: FastifyInstance, refuse: (socket: Socket) => void = refuseConnection): void {
    const most = this.config.maxConnections ?? defaultMaxConnections();
    const limit = new ConnectionLimit(most, (socket) => this.#stateOf(socket), refuse);
    limit.attach(fastify.server);
    this.metrics.connections = limit;
    this.metrics.bytes = this.bytesInFlight;
    fastify.setGenReqId(({ headers }) => requestIdOf(headers));
    fastify.addHook('onRoute', ({ method, url }) => this.mappings.add(method, url));
    fastify.addHook('onRequest', (request, reply, done) => {
      const span = tracing.spans ? spanOf(request, tracing.spans) : undefined;
      this.#begin({ request, reply, path: pathOf(request), startedAt: performance.now(), span });
      // `enterWith` ends with the parser's callback in which this hook runs; `run` would add a second frame.
      requestContext.enterWith(span ? { requestId: request.id, trace: span.scope } : { requestId: request.id });
      done();
    });
    this.phase.onChange((phase) => {
      if (phase === 'draining') for (const { reply } of [...this.#unanswered.values()].flat()) sendAway(reply);
    });
  }

  #begin(exchange: Exchange): void {
    const { request, reply } = exchange;
    reply.header('x-request-id', request.id);
    if (this.phase.isDraining) sendAway(reply);
    const unanswered = this.#unansweredOn(request.raw.socket);
    unanswered.push(exchange);
    this.metrics.active += 1;
    // Fastify's `onResponse` costs twice as much: it adds and removes two listeners and runs its hooks.
    reply.raw.on('finish', () => {
      // Answers leave a connection in the order of their requests. The socket is missing if the client has
      // disconnected.
      if (unanswered[0] !== exchange) return;
      unanswered.shift();
      this.#end(exchange, false);
    });
  }

  #stateOf(socket: Socket): ConnectionState {
    const exchanges = this.#unanswered.get(socket);
    const last = exchanges?.at(-1);
    if (!exchanges) return 'fresh';
    if (!last) return 'idle';
    return last.request.raw.complete ? 'answering' : 'receiving';
  }

  /** If the client disconnects, the answer never finishes. Then the connection closes. */
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

  #end({ request, reply, path, startedAt, span }: Exchange, isAborted: boolean): void {
    const { id: requestId, method } = request;
    const { statusCode } = reply;
    const durationMs = performance.now() - startedAt;
    const route = routeOf(request);
    this.metrics.active -= 1;
    if (isAborted) this.metrics.aborted += 1;
    else this.metrics.durations.count(method, route, statusCode, durationMs / 1000, span?.exemplar);
    if (probes.has(route)) return;
    const status = reply.raw.headersSent ? statusCode : null;
    const shortPath = path.slice(0, LONGEST_LOGGED_PATH);
    this.log.writeRequest({ requestId, method, path: shortPath, route, status, durationMs, isAborted }, span?.ids);
    span?.endRequest({ method, path, route, protocolVersion: request.raw.httpVersion, status, isAborted });
  }
}

/** Only while tracing is on, because asking Fastify for the route costs time. */
function spanOf(request: FastifyRequest, spans: NonNullable<typeof tracing.spans>): RequestSpan | undefined {
  const route = routeOf(request);
  return probes.has(route) ? undefined : spans.request(`${request.method} ${route}`, request.headers);
}

/** Without the query, which may contain secrets. */
function pathOf({ url }: FastifyRequest): string {
  const end = url.indexOf('?');
  return end === -1 ? url : url.slice(0, end);
}

/**
 * A route pattern, from a closed set. A long poll has its own pattern, because its duration does not show the speed of
 * the route.
 */
function routeOf({ routeOptions, query }: FastifyRequest): string {
  const { url, config } = routeOptions;
  if (url === undefined) return 'unmatched';
  const { waitsBy } = config;
  if (waitsBy === undefined) return url;
  return Number((query as Record<string, unknown>)[waitsBy]) > 0 ? `${url}?${waitsBy}` : url;
}

/** Otherwise clients that keep their connection would send the next request into a closed one. */
function sendAway(reply: FastifyReply): void {
  reply.header('connection', 'close');
}
