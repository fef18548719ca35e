import { Injectable } from '@nestjs/common';
import type { AccessLevel } from '../access/access.js';

export interface OpsRoute {
  readonly method: string;
  /** `/health` or, with a parameter, `/health/{group}`. */
  readonly path: string;
  readonly access: AccessLevel;
}

/** The registered routes of the operations port. */
@Injectable()
export class OpsRoutes {
  readonly #routes: OpsRoute[] = [];

  /** `url` in Fastify's form: `/health/:group`. */
  add(methods: string | string[], url: string, access: AccessLevel): void {
    for (const method of [methods].flat()) this.#routes.push({ method, path: patternOf(url), access });
  }

  /** The routes of the path, whatever their method. */
  at(path: string): OpsRoute[] {
    const segments = path.split('/');
    return this.#routes.filter((route) => matches(route.path.split('/'), segments));
  }

  /** A HEAD is its GET without the body. */
  list(): OpsRoute[] {
    return this.#routes.filter(({ method }) => method !== 'HEAD');
  }
}

/** The form of routes in documents and metrics. */
export function patternOf(url: string): string {
  return url.replaceAll(/:(\w{1,50})/g, '{$1}');
}

function matches(pattern: readonly string[], segments: readonly string[]): boolean {
  return (
    pattern.length === segments.length &&
    pattern.every((part, index) => (part.startsWith('{') ? segments[index] !== '' : part === segments[index]))
  );
}
