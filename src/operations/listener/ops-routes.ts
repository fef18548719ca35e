import type { IncomingHttpHeaders } from 'node:http';

export interface OpsRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  /** What stands in the place of `{…}` in the route's path; empty where it has none. */
  parameter: string;
}

/** What a write has changed, for the audit. No secrets. */
export interface OpsChange {
  readonly before: object | null;
  readonly after: object | null;
}

export interface OpsAnswer {
  status: number;
  /** Sent as JSON, unless it is text with a `contentType`. */
  body: unknown;
  contentType?: string;
  headers?: Record<string, string>;
  /** Of a write; `audited` where whoever made the change has audited it. Is not sent. */
  change?: OpsChange | 'audited';
}

export interface OpsRoute {
  method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  /** `/health` or, with one parameter at its end, `/health/{group}`. */
  path: string;
  /** `open` to whoever reaches the port; the others need the token, and are capped by `OPS_MAX_ACCESS`. */
  access: 'open' | 'read' | 'write';
  answer: (request: OpsRequest) => OpsAnswer | Promise<OpsAnswer>;
}

export type OpsMatch =
  | { kind: 'route'; route: OpsRoute; parameter: string }
  | { kind: 'wrong-method'; path: string; allow: string[] }
  | { kind: 'none' };

/** The table that the operations listener answers from. Features register their routes, at any time. */
export class OpsRoutes {
  readonly #routes = new Map<string, OpsRoute[]>();

  register(...routes: OpsRoute[]): void {
    for (const route of routes) this.#routes.set(route.path, [...(this.#routes.get(route.path) ?? []), route]);
  }

  /** `HEAD` finds what `GET` would. */
  find(method: string, path: string): OpsMatch {
    const { routes, parameter } = this.#at(path);
    if (routes.length === 0) return { kind: 'none' };
    const wanted = method === 'HEAD' ? 'GET' : method;
    const route = routes.find((candidate) => candidate.method === wanted);
    if (route) return { kind: 'route', route, parameter };
    return { kind: 'wrong-method', path: routes[0]!.path, allow: routes.flatMap((other) => allowedBy(other)) };
  }

  list(): Array<Pick<OpsRoute, 'method' | 'path' | 'access'>> {
    return [...this.#routes.values()].flat().map(({ method, path, access }) => ({ method, path, access }));
  }

  #at(path: string): { routes: OpsRoute[]; parameter: string } {
    const exact = this.#routes.get(path);
    if (exact && !path.includes('{')) return { routes: exact, parameter: '' };
    const cut = path.lastIndexOf('/') + 1;
    const prefix = `${path.slice(0, cut)}{`;
    const pattern = [...this.#routes.keys()].find((candidate) => candidate.startsWith(prefix));
    const parameter = path.slice(cut);
    if (!pattern || parameter === '') return { routes: [], parameter: '' };
    return { routes: this.#routes.get(pattern) ?? [], parameter };
  }
}

function allowedBy({ method }: OpsRoute): string[] {
  return method === 'GET' ? ['GET', 'HEAD'] : [method];
}
