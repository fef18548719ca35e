import type { FastifyInstance } from 'fastify';

/** Which methods each path has, for the answer to one that it does not have. */
export class RouteMethods {
  private readonly routes = new Map<string, Set<string>>();

  /** To be called before the routes are registered. */
  collectFrom(fastify: FastifyInstance): void {
    fastify.addHook('onRoute', ({ url, method }) => {
      const methods = this.routes.get(url) ?? new Set();
      this.routes.set(url, methods);
      for (const each of [method].flat()) methods.add(each);
    });
  }

  /** The methods of the route that the path belongs to; none if there is no such route. */
  of(path: string): string[] {
    const segments = path.split('/');
    const found = new Set<string>();
    for (const [url, methods] of this.routes) {
      if (matches(url.split('/'), segments)) {
        for (const method of methods) found.add(method);
      }
    }
    return [...found].sort();
  }
}

function matches(pattern: readonly string[], segments: readonly string[]): boolean {
  return (
    pattern.length === segments.length &&
    pattern.every((part, index) => (part.startsWith(':') ? segments[index] !== '' : part === segments[index]))
  );
}
