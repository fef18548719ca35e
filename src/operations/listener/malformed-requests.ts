import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { STATUS_CODES } from './lean-http.js';
import { identified, problem, toWire } from './ops-answers.js';
import type { OpsAnswer } from './ops-routes.js';

const statusByCode: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** Bytes that are no HTTP, and tunnels, get a problem; Node would close without a word. */
export function refuseUnparsable(server: Server): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    endWith(socket, problem(statusByCode[error.code ?? ''] ?? 400, 'The request is not acceptable HTTP.'));
  });
  server.on('connect', (_request, socket) =>
    endWith(socket, problem(405, 'There are no tunnels here.', { Allow: '' })),
  );
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
}

/** What is HTTP and yet nothing that a server has to take. */
export function faultOf({ headers, httpVersion }: IncomingMessage): OpsAnswer | undefined {
  if (headers.host === undefined && httpVersion === '1.1') {
    return problem(400, 'A request of HTTP/1.1 needs a Host header.');
  }
  const isKnown = headers.expect === undefined || headers.expect.toLowerCase() === '100-continue';
  return isKnown ? undefined : problem(417, 'The only expectation that is known here is 100-continue.');
}

function endWith(socket: Duplex, answer: OpsAnswer): void {
  const { status, headers, body } = toWire(identified(answer, { headers: {} }));
  const lines = Object.entries({ ...headers, Connection: 'close' }).map(([name, value]) => `${name}: ${value}`);
  socket.end([`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', body].join('\r\n'));
}
