import { Injectable } from '@nestjs/common';
import type { AccessLevel } from '../access/access.js';

export interface OpsRoute {
  readonly method: string;
  /** `/health` or, with a parameter, `/health/{group}`. */
  readonly path: string;
  readonly access: AccessLevel;
}

/** The routes of the operations port, as they were registered. */
@Injectable()
export class OpsRoutes {
  readonly #routes: OpsRoute[] = [];

  /** `url` as Fastify has it: `/health/:group`. */
  add(methods: string | string[], url: string, access: AccessLevel): void {
    for (const method of [methods].flat()) this.#routes.push({ method, path: patternOf(url), access });
  }

  /** Those that the path belongs to, whatever their method. */
  at(path: string): OpsRoute[] {
    const segments = path.split('/');
    return this.#routes.filter((route) => matches(route.path.split('/'), segments));
  }

  /** A HEAD is what its GET is, without the body. */
  list(): OpsRoute[] {
    return this.#routes.filter(({ method }) => method !== 'HEAD');
  }
}

/** How routes are written in documents and metrics. */
export function patternOf(url: string): string {
  return url.replaceAll(/:(\w{1,50})/g, '{$1}');
}

function matches(pattern: readonly string[], segments: readonly string[]): boolean {
  return (
    pattern.length === segments.length &&
    pattern.every((part, index) => (part.startsWith('{') ? segments[index] !== '' : part === segments[index]))
  );
}
