import { createServer as createSecureServer } from 'node:https';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What was asked of it. */
export interface AskedQuery {
  readonly query: string;
  /** The instant that was asked for, in ms; null where none was. */
  readonly atMs: number | null;
  readonly authorization: string | undefined;
}

/** A number for one series, a list for several; `respond` answers by itself. */
export type QueryAnswer =
  | number
  | 'NaN'
  | '+Inf'
  | '-Inf'
  | readonly number[]
  | { readonly status?: number; readonly body: unknown; readonly headers?: Readonly<Record<string, string>> }
  | { readonly respond: (response: ServerResponse, request: IncomingMessage) => void };

type Answering = QueryAnswer | ((asked: AskedQuery) => QueryAnswer);

/** A real HTTP server on loopback that answers `/api/v1/query` as Prometheus does, and keeps what was asked. */
export interface FakePrometheus extends AsyncDisposable {
  readonly url: string;
  readonly asked: AskedQuery[];
  /** How many were asked at once at most. */
  readonly mostAtOnce: number;
  /** Queries with this text in them; the first that fits counts. What nothing is said of answers no series. */
  answer(query: string, answer: Answering): void;
  /** Forgets what was said and asked. */
  reset(): void;
  close(): Promise<void>;
}

export async function aPrometheus(tls?: { readonly key: string; readonly cert: string }): Promise<FakePrometheus> {
  const answers = new Map<string, Answering>();
  const asked: AskedQuery[] = [];
  const counts = { now: 0, most: 0 };
  const listener: RequestListener = (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://prometheus');
    if (pathname !== '/api/v1/query') return void response.writeHead(404).end();
    const query = searchParams.get('query') ?? '';
    // What the health check of the service asks.
    if (query === '1') return send(response, { body: vector([1]) });
    const time = searchParams.get('time');
    const atMs = time === null ? null : Number(time) * 1000;
    const one = { query, atMs, authorization: request.headers.authorization };
    asked.push(one);
    counts.now += 1;
    counts.most = Math.max(counts.most, counts.now);
    response.on('close', () => (counts.now -= 1));
    const found = [...answers].find(([text]) => query.includes(text))?.[1] ?? [];
    respond(request, response, typeof found === 'function' ? found(one) : found);
  };
  const server = tls ? createSecureServer(tls, listener) : createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    get mostAtOnce() {
      return counts.most;
    },
    answer: (query, answer) => answers.set(query, answer),
    reset: () => {
      answers.clear();
      asked.length = 0;
      counts.most = 0;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** A check that is due at once, and every second. */
export const aPrometheusCheck = (overrides: object = {}) => ({
  name: 'error-ratio',
  type: 'prometheus',
  query: 'errors{version="{release.version}"}',
  initialDelaySeconds: 0,
  intervalSeconds: 1,
  expect: [{ field: 'value', op: 'lt', value: 0.01 }],
  ...overrides,
});
/** A gate that measures twice. */
export const aQueryGate = (overrides: object = {}) => ({
  warmUpSeconds: 0,
  bakeSeconds: 1,
  checks: [aPrometheusCheck()],
  ...overrides,
});

/** The body of an answer with these series, each with a label that tells them apart. */
export function vector(values: readonly (number | string)[]): object {
  const result = values.map((value, index) => ({
    metric: { instance: `host-${index}` },
    value: [1_800_000_000.123, String(value)],
  }));
  return { status: 'success', data: { resultType: 'vector', result } };
}

function respond(request: IncomingMessage, response: ServerResponse, answer: QueryAnswer): void {
  if (typeof answer === 'object' && 'respond' in answer) answer.respond(response, request);
  else if (typeof answer === 'object' && 'body' in answer) send(response, answer);
  else send(response, { body: vector([answer].flat()) });
}

function send(
  response: ServerResponse,
  { status = 200, body, headers }: { status?: number; body: unknown; headers?: Readonly<Record<string, string>> },
): void {
  response
    .writeHead(status, { 'content-type': 'application/json', ...headers })
    .end(typeof body === 'string' ? body : JSON.stringify(body));
}
