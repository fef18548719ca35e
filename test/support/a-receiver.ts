import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Somebody on loopback that is sent to: keeps every request, and answers as it is told. */
export interface Receiver {
  readonly url: string;
  readonly requests: Received[];
  answer: (response: ServerResponse) => number;
  close(): void;
}

export async function aReceiver(): Promise<Receiver> {
  const requests: Received[] = [];
  const receiver = { requests, answer: (_response: ServerResponse): number => 204 };
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      requests.push({ headers: request.headers, body });
      response.statusCode = receiver.answer(response);
      response.end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return Object.assign(receiver, {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  });
}
