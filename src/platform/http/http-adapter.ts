import type { Socket } from 'node:net';
import { requestIdOf } from '../../operations/logging/request-id.js';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError, type ErrorRow } from './domain-error.js';
import { httpErrors } from './http.errors.js';
import { parseJsonBody } from './json-body.js';
import { problemOf, sendProblem } from './problem.js';

const BODY_LIMIT_BYTES = 1024 * 1024;

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
    frameworkErrors: answerUnroutable,
    clientErrorHandler: answerUnparsable,
  });
}

async function parse(_request: FastifyRequest, body: Buffer): Promise<unknown> {
  return parseJsonBody(body);
}

/** A path that the router cannot decode, or a parameter that is too long for it: no hook has run. */
function answerUnroutable(
  error: { statusCode?: number; message: string },
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const row = error.statusCode === 414 ? httpErrors.uriTooLong : httpErrors.malformedRequest;
  sendProblem(request, reply, new DomainError(row, 'The path cannot be decoded, or a part of it is too long.'));
}

const rowByCode: Readonly<Record<string, ErrorRow>> = {
  HPE_HEADER_OVERFLOW: httpErrors.headersTooLarge,
  ERR_HTTP_REQUEST_TIMEOUT: httpErrors.requestTimeout,
};

/** Bytes that are no HTTP: there is no request to answer, only a socket. */
function answerUnparsable(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const row = rowByCode[error.code ?? ''] ?? httpErrors.malformedRequest;
  const body = JSON.stringify(
    problemOf(new DomainError(row, 'The request is not acceptable HTTP.'), '', requestIdOf({})),
  );
  const head = [
    `HTTP/1.1 ${row.status} ${row.title}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
