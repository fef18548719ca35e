import { RouteConfig } from '@nestjs/platform-fastify';
import type { Role } from '../auth/principal.js';

declare module 'fastify' {
  interface FastifyContextConfig extends PlimsollRouteConfig {}
}

/** What Fastify's hooks must know of a route before its handler runs. */
export interface PlimsollRouteConfig {
  requires?: Role;
  etag?: true;
}

const CONFIG = Symbol('plimsoll:route-config');

/** Adds to the route's config; Nest's own `@RouteConfig` replaces what an earlier decorator has set. */
export function extendRouteConfig(extension: PlimsollRouteConfig): MethodDecorator {
  return (target, key, descriptor) => {
    const handler = descriptor.value as object;
    const config = { ...(Reflect.getMetadata(CONFIG, handler) as PlimsollRouteConfig | undefined), ...extension };
    Reflect.defineMetadata(CONFIG, config, handler);
    RouteConfig(config)(target, key, descriptor);
  };
}
