import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Image } from './images.ts';

/** A machine that runs one container of `checkout`, with so many connections to its database. */
export class CheckoutHost {
  readonly name: string;
  readonly #server: Server;
  readonly #connections: number;
  #free: number;
  #image: Image | null = null;

  private constructor(name: string, connections: number) {
    this.name = name;
    this.#connections = connections;
    this.#free = connections;
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  static async boot(name: string, { connections }: { connections: number }): Promise<CheckoutHost> {
    const host = new CheckoutHost(name, connections);
    host.#server.listen(0, '127.0.0.1');
    await once(host.#server, 'listening');
    return host;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** What `podman run --replace` would do. */
  run(image: Image): void {
    this.#image = image;
    this.#free = this.#connections;
  }

  shutDown(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    if (request.url === '/info') this.#info(response);
    else if (request.url === '/readyz') this.#readiness(response);
    else reply(response, 404, { error: 'not found' });
  }

  #info(response: ServerResponse): void {
    if (this.#image === null) return reply(response, 503, { error: 'nothing runs here' });
    reply(response, 200, { name: 'checkout', version: this.#image.version, imageDigest: this.#image.digest });
  }

  #readiness(response: ServerResponse): void {
    if (this.#free === 0) return reply(response, 500, { status: 'down', error: 'no free database connection' });
    if (this.#image?.leaksConnections) this.#free -= 1;
    reply(response, 200, { status: 'up' });
  }
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
