import type { FastifyInstance, FastifyRequest, onRequestHookHandler } from 'fastify';
import { assertRole, assertServiceAllowed } from './access.js';
import { authorizationOf } from './authorization.js';
import type { Authenticator } from './authenticator.js';
import type { Principal, Role } from './principal.js';
import type { Origin, RateLimit } from './rate-limit.js';

/**
 * Puts the token check before every route that asks for a role, and before all of /v1: 401 and 403 precede the body. A
 * body may take its time, so whoever sent one is judged again when it is there.
 */
export function guardRoutes(fastify: FastifyInstance, authenticator: Authenticator, rateLimit: RateLimit): void {
  fastify.decorateRequest('principal', null);
  fastify.addHook('onRoute', (route) => {
    const role = route.config?.requires ?? (route.url.startsWith('/v1/') ? 'admin' : null);
    if (role) {
      const enter = judging(authenticator, (request, principal) => admit(request, principal, role, rateLimit));
      route.onRequest = [...[route.onRequest ?? []].flat(), enter];
      route.preHandler = [judgingBodies(authenticator), ...[route.preHandler ?? []].flat()];
    }
  });
}

function judging(
  authenticator: Authenticator,
  admitted: (request: FastifyRequest, principal: Principal) => void,
): onRequestHookHandler {
  return (request, _reply, done) => {
    const enter = (principal: Principal) => {
      try {
        admitted(request, principal);
      } catch (error) {
        done(error as Error);
        return;
      }
      done();
    };
    try {
      const principal = authenticator.authenticate(authorizationOf(request), () => originOf(request));
      if (principal instanceof Promise) {
        principal.then(enter, done);
      } else {
        enter(principal);
      }
    } catch (error) {
      done(error as Error);
    }
  };
}

function judgingBodies(authenticator: Authenticator): onRequestHookHandler {
  const judge = judging(authenticator, () => undefined);
  return function judgeBody(request, reply, done) {
    if (request.body === undefined) done();
    else judge.call(this, request, reply, done);
  };
}

function admit(request: FastifyRequest, principal: Principal, role: Role, rateLimit: RateLimit): void {
  rateLimit.countRequest(principal.tokenId, request.routeOptions.url ?? '');
  assertRole(principal, role);
  const { service } = request.params as { service?: string };
  if (service !== undefined) {
    assertServiceAllowed(principal, service);
  }
  request.principal = principal;
}

function originOf(request: FastifyRequest): Origin {
  return { address: request.ip, route: request.routeOptions.url ?? '' };
}
