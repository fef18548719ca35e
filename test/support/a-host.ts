import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How a host answers one request. */
export interface HostAnswer {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly delayMs?: number;
  /** Takes the request and never answers. */
  readonly hangs?: boolean;
  /** Closes the connection in place of an answer. */
  readonly closes?: boolean;
}

/** By path; a function is given how many requests came to the path before. */
export type HostBehaviour = Readonly<Record<string, HostAnswer | ((nth: number) => HostAnswer)>>;

/** A real HTTP server on loopback that answers as it is told, and counts. Paths it was told nothing of answer 404. */
export interface FakeHost extends AsyncDisposable {
  readonly name: string;
  readonly url: string;
  /** Replaces the answer of a path. */
  answer(path: string, answer: HostBehaviour[string]): void;
  /** How many requests came, to one path or in all. */
  requests(path?: string): number;
  /** Those of the last request to a path. */
  headersAt(path: string): IncomingHttpHeaders | undefined;
  close(): Promise<void>;
}

export async function aHost(behaviour: HostBehaviour = {}, name = 'a'): Promise<FakeHost> {
  const answers = new Map(Object.entries(behaviour));
  const counts = new Map<string, number>();
  const headers = new Map<string, IncomingHttpHeaders>();
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://host').pathname;
    const nth = counts.get(path) ?? 0;
    counts.set(path, nth + 1);
    headers.set(path, request.headers);
    const answer = answers.get(path) ?? { status: 404 };
    respond(request, response, typeof answer === 'function' ? answer(nth) : answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return {
    name,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answer: (path, answer) => answers.set(path, answer),
    requests: (path) =>
      path === undefined ? [...counts.values()].reduce((a, b) => a + b, 0) : (counts.get(path) ?? 0),
    headersAt: (path) => headers.get(path),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function respond(request: IncomingMessage, response: ServerResponse, answer: HostAnswer): void {
  if (answer.closes) {
    request.socket.destroy();
  } else if (!answer.hangs) {
    const body = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? {});
    const send = (): void =>
      void response
        .writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers })
        .end(body);
    if (answer.delayMs === undefined) {
      send();
    } else {
      setTimeout(send, answer.delayMs);
    }
  }
}
