import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Settings } from '../../operations/config/settings.js';
import { noSchemas } from '../../operations/intake/no-schemas.js';
import { bodyOf } from './bytes-in-flight.js';
import { parseJsonBody } from './input/json-body.js';
import { LINES_OF_JSON, mediaTypeOf, takesItsTime } from './line-body.js';
import { DomainError, type ErrorRow } from './problems/domain-error.js';
import { httpErrors } from './problems/http.errors.js';
import { sendProblem } from './problems/problem.js';
import { endWithProblem } from './problems/raw-problem.js';

const MOST_HEADER_BYTES = 8 * 1024;

const CHARSET = /;\s*charset\s*=\s*"?([^\s";]+)/i;

/** Nest's adapter, which would also read forms, and JSON more leniently than we do. */
class JsonAdapter extends FastifyAdapter {
  override registerParserMiddleware(): void {
    const fastify = this.getInstance();
    fastify.removeAllContentTypeParsers();
    fastify.addContentTypeParser('application/json', parse);
    fastify.addContentTypeParser(LINES_OF_JSON, passOn);
  }
}

/** The Fastify of the main port. It closes as operations' shutdown wants it: answering to the last moment. */
export function createHttpAdapter({ trustedProxies }: Pick<Settings, 'trustedProxies'>): FastifyAdapter {
  return new JsonAdapter({
    // Anybody can send X-Forwarded-For: it counts from these alone, from right to left, up to the first that is none.
    trustProxy: trustedProxies.length > 0 && trustedProxies,
    requestTimeout: 30_000,
    // Longer than the idle time of the proxies before us, which otherwise send a request into a closing connection.
    keepAliveTimeout: 75_000,
    return503OnClosing: false,
    schemaController: noSchemas,
    // A parameter that is too long is one that no resource has.
    routerOptions: { maxParamLength: MOST_HEADER_BYTES },
    http: {
      maxHeaderSize: MOST_HEADER_BYTES,
      headersTimeout: 10_000,
      connectionsCheckingInterval: 1000,
      // Refused with a problem instead.
      requireHostHeader: false,
    },
    frameworkErrors: answerUnroutable,
    clientErrorHandler: answerUnparsable,
  });
}

async function parse(request: FastifyRequest): Promise<unknown> {
  if (request.routeOptions.config.lineBody) {
    throw new DomainError(httpErrors.unsupportedMediaType, mediaTypeOf(request));
  }
  refuseCodings(request);
  const body = await bodyOf(request);
  return request.routeOptions.config.textBody ? body : parseJsonBody(body);
}

/** The handler reads the lines, one after the other as they come. */
async function passOn(request: FastifyRequest, payload: IncomingMessage): Promise<unknown> {
  if (!request.routeOptions.config.lineBody) {
    throw new DomainError(httpErrors.unsupportedMediaType, mediaTypeOf(request));
  }
  refuseCodings(request);
  return payload;
}

function refuseCodings({ headers }: FastifyRequest): void {
  const coding = headers['content-encoding'] ?? 'identity';
  if (coding.toLowerCase() !== 'identity') {
    throw new DomainError(httpErrors.unsupportedMediaType, 'Send the body as it is, without a Content-Encoding.');
  }
  const [, charset = 'utf-8'] = CHARSET.exec(headers['content-type'] ?? '') ?? [];
  if (charset.toLowerCase() !== 'utf-8') {
    throw new DomainError(httpErrors.unsupportedMediaType, 'JSON is sent in UTF-8.');
  }
}

/** No hook has run. */
function answerUnroutable(_error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  sendProblem(request, reply, new DomainError(httpErrors.malformedRequest, 'The path cannot be decoded.'));
}

const rowByCode: Readonly<Record<string, ErrorRow>> = {
  HPE_HEADER_OVERFLOW: httpErrors.headersTooLarge,
  ERR_HTTP_REQUEST_TIMEOUT: httpErrors.requestTimeout,
};

/** Bytes that are no HTTP. */
function answerUnparsable(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && takesItsTime(socket)) return;
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const row = rowByCode[error.code ?? ''] ?? httpErrors.malformedRequest;
  endWithProblem(socket, new DomainError(row, 'The request is not acceptable HTTP.'));
}
