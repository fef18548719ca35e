import type { Socket } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { parseJsonBody } from './input/json-body.js';
import { DomainError, type ErrorRow } from './problems/domain-error.js';
import { httpErrors } from './problems/http.errors.js';
import { sendProblem } from './problems/problem.js';
import { endWithProblem } from './problems/raw-problem.js';

const BODY_LIMIT_BYTES = 1024 * 1024;

const CHARSET = /;\s*charset\s*=\s*"?([^\s";]+)/i;

/** Nest's adapter, which would also read forms, and JSON more leniently than we do. */
class JsonAdapter extends FastifyAdapter {
  override registerParserMiddleware(): void {
    const fastify = this.getInstance();
    fastify.removeAllContentTypeParsers();
    fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, parse);
  }
}

/** The Fastify of the main port. It closes as operations' shutdown wants it: answering to the last moment. */
export function createHttpAdapter(): FastifyAdapter {
  return new JsonAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: 30_000,
    // Longer than the idle time of the proxies before us, which otherwise send a request into a closing connection.
    keepAliveTimeout: 75_000,
    return503OnClosing: false,
    // A parameter that is too long is one that no resource has; the head of a request is 16 KiB at most.
    routerOptions: { maxParamLength: 16 * 1024 },
    // Refused with a problem instead.
    http: { requireHostHeader: false },
    frameworkErrors: answerUnroutable,
    clientErrorHandler: answerUnparsable,
  });
}

async function parse({ headers }: FastifyRequest, body: Buffer): Promise<unknown> {
  const coding = headers['content-encoding'] ?? 'identity';
  if (coding.toLowerCase() !== 'identity') {
    throw new DomainError(httpErrors.unsupportedMediaType, 'Send the body as it is, without a Content-Encoding.');
  }
  const [, charset = 'utf-8'] = CHARSET.exec(headers['content-type'] ?? '') ?? [];
  if (charset.toLowerCase() !== 'utf-8') {
    throw new DomainError(httpErrors.unsupportedMediaType, 'JSON is sent in UTF-8.');
  }
  return parseJsonBody(body);
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
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const row = rowByCode[error.code ?? ''] ?? httpErrors.malformedRequest;
  endWithProblem(socket, new DomainError(row, 'The request is not acceptable HTTP.'));
}
