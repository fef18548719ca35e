import type { FastifyInstance } from 'fastify';
import type { PlimsollRouteConfig } from './route-config.js';

export interface Route {
  readonly method: string;
  /** As Fastify has it: `/v1/services/:service`. */
  readonly url: string;
  readonly config: PlimsollRouteConfig;
}

/** Every route there is: for the answer to a method that a path does not have, and for the OpenAPI document. */
export class RouteTable {
  private readonly routes: Route[] = [];

  /** To be called before the routes are registered. */
  collectFrom(fastify: FastifyInstance): void {
    fastify.addHook('onRoute', ({ url, method, config }) => this.add([method].flat(), url, config));
  }

  /** For what is answered ahead of the router. */
  add(methods: readonly string[], url: string, config: PlimsollRouteConfig = {}): void {
    for (const method of methods) this.routes.push({ method, url, config });
  }

  find(method: string, url: string): Route | undefined {
    return this.routes.find((route) => route.method === method && route.url === url);
  }

  /** The methods of the route that the path belongs to; none if there is no such route. */
  methodsOf(path: string): string[] {
    const segments = path.split('/');
    const found = this.routes.filter(({ url }) => matches(url.split('/'), segments));
    return [...new Set(found.map(({ method }) => method))].sort();
  }
}

function matches(pattern: readonly string[], segments: readonly string[]): boolean {
  return (
    pattern.length === segments.length &&
    pattern.every((part, index) => (part.startsWith(':') ? segments[index] !== '' : part === segments[index]))
  );
}
