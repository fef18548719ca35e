import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { requestIdOf } from '../../../operations/logging/request-id.js';
import type { DomainError } from './domain-error.js';
import { problemOf } from './problem.js';

/** Answers where there is no request to answer, only a socket, and closes it. */
export function endWithProblem(socket: Duplex, error: DomainError): void {
  const requestId = requestIdOf({});
  const body = JSON.stringify(problemOf(error, '', requestId));
  const headers = {
    ...error.headers,
    'x-request-id': requestId,
    'content-type': 'application/problem+json',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  socket.end([`HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}`, ...lines, '', body].join('\r\n'));
}
