import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { extendRouteConfig } from '../http/route-config.js';
import type { Principal, Role } from './principal.js';

declare module 'fastify' {
  interface FastifyRequest {
    principal: Principal | null;
  }
}

/**
 * The role that a route asks for. Who has no valid token gets 401, who has too low a role, or a token bound to another
 * service than the `:service` of the path, 403, both before the body is read. A route under /v1 without it is admin's.
 */
export function Requires(role: Role): MethodDecorator {
  return extendRouteConfig({ requires: role });
}

/** The token may come in the cookie of the board: for browsers, whose EventSource sends no header. */
export function TakesCookie(): MethodDecorator {
  return extendRouteConfig({ takesCookie: true });
}

/** The principal of the request; only for handlers with `@Requires`. */
export const Caller = createParamDecorator((_data: unknown, context: ExecutionContext): Principal => {
  const { principal } = context.switchToHttp().getRequest<FastifyRequest>();
  if (!principal) {
    throw new Error('This handler has no caller: it lacks @Requires');
  }
  return principal;
});
