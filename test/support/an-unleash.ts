import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeStrategy {
  readonly name: string;
  readonly constraints?: ReadonlyArray<{ contextName: string; operator: 'IN' | 'NOT_IN'; values: readonly string[] }>;
}

/** Speaks the client API of Unleash on loopback: features with ETag and 304, and what clients report. */
export class FakeUnleash {
  token = 'default:test.a-token-of-unleash';
  /** Statuses of `/api/client/features`, in the order of the answers. */
  readonly answers: number[] = [];
  registrations = 0;
  /** What it was told of the trace that a question is part of. */
  readonly traceparents: string[] = [];
  /** Answers this in place of the flags. */
  refusesWith: number | null = null;
  private readonly features = new Map<string, object>();
  private server: Server | null = null;
  private port = 0;

  static async start(): Promise<FakeUnleash> {
    const unleash = new FakeUnleash();
    await unleash.comeBack();
    return unleash;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/api`;
  }

  /** What the application has to be configured with. */
  get settings() {
    return { unleashUrl: this.url, unleashToken: this.token, unleashRefreshMs: 150 };
  }

  /** Without strategies a flag is the same for everybody. */
  set(name: string, enabled: boolean, strategies: readonly FakeStrategy[] = []): void {
    const full = strategies.map((strategy) => ({ parameters: {}, constraints: [], ...strategy }));
    this.features.set(name, { name, type: 'release', enabled, strategies: full });
  }

  archive(name: string): void {
    this.features.delete(name);
  }

  async goAway(): Promise<void> {
    const { server } = this;
    this.server = null;
    server?.closeAllConnections();
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)));
  }

  async comeBack(): Promise<void> {
    const server = createServer((request, response) => this.answer(request, response));
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    request.resume();
    if (typeof request.headers['traceparent'] === 'string') this.traceparents.push(request.headers['traceparent']);
    const isKnown = request.headers.authorization === this.token;
    if (!isKnown || this.refusesWith !== null) this.refuse(request, response, this.refusesWith ?? 401);
    else if (request.url === '/api/client/features') this.sendFeatures(request, response);
    else this.take(request.url, response);
  }

  private refuse(request: IncomingMessage, response: ServerResponse, status: number): void {
    if (request.method === 'GET') this.answers.push(status);
    response.writeHead(status).end();
  }

  private sendFeatures(request: IncomingMessage, response: ServerResponse): void {
    const body = JSON.stringify({ version: 2, features: [...this.features.values()] });
    const etag = `"${createHash('sha1').update(body).digest('hex')}"`;
    const isUnchanged = request.headers['if-none-match'] === etag;
    this.answers.push(isUnchanged ? 304 : 200);
    response.writeHead(isUnchanged ? 304 : 200, { etag, 'content-type': 'application/json' });
    response.end(isUnchanged ? undefined : body);
  }

  private take(path: string | undefined, response: ServerResponse): void {
    if (path === '/api/client/register') this.registrations += 1;
    response.writeHead(202).end();
  }
}
