import { RouteConfig } from '@nestjs/platform-fastify';
import type { ObservedRouteConfig } from '../../operations/main-port/main-port.js';
import type { Role } from '../auth/principal.js';
import type { ErrorRow } from './problems/domain-error.js';

declare module 'fastify' {
  interface FastifyContextConfig extends PlimsollRouteConfig {}
}

/** What Fastify's hooks must know of a route before its handler runs. */
export interface PlimsollRouteConfig extends ObservedRouteConfig {
  requires?: Role;
  /** The token may be in a cookie: only where a GET changes nothing. */
  takesCookie?: true;
  etag?: true;
  /** In bytes. */
  bodyLimit?: number;
  /** The handler takes the bytes of the body, and parses them itself. */
  textBody?: true;
  /** The handler takes the body as a stream of lines of JSON, `application/x-ndjson`. */
  lineBody?: true;
  /** What the handler refuses with, beside what any route may answer: for the OpenAPI document. */
  refusals?: readonly ErrorRow[];
}

const CONFIG = Symbol('plimsoll:route-config');

/** Adds to the route's config; Nest's own `@RouteConfig` replaces what an earlier decorator has set. */
export function extendRouteConfig(extension: PlimsollRouteConfig): MethodDecorator {
  return (target, key, descriptor) => {
    const handler = descriptor.value as object;
    const known = Reflect.getMetadata(CONFIG, handler) as PlimsollRouteConfig | undefined;
    const refusals = [...(extension.refusals ?? []), ...(known?.refusals ?? [])];
    const config = { ...known, ...extension, refusals };
    Reflect.defineMetadata(CONFIG, config, handler);
    RouteConfig(config)(target, key, descriptor);
  };
}
