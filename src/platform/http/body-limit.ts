import type { FastifyInstance } from 'fastify';
import { extendRouteConfig } from './route-config.js';

const KIB = 1024;

/** Several times what the longest texts take, escaped: who errs by less is told where. */
export const ORDINARY_BODY_BYTES = 64 * KIB;

/** For a route whose body may have more than 64 KiB: 1024 at most, unless it is a `TextBody`. */
export function BodyLimit(kib: number): MethodDecorator {
  return extendRouteConfig({ bodyLimit: kib * KIB });
}

/** To be called before the routes are registered. */
export function limitBodies(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    route.bodyLimit = route.config?.bodyLimit ?? ORDINARY_BODY_BYTES;
  });
}
