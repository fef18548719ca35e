import type { FastifyInstance, FastifyRequest, HookHandlerDoneFunction, onRequestHookHandler } from 'fastify';
import { assertRole, assertServiceAllowed } from './access.js';
import type { Authenticator } from './authenticator.js';
import type { Principal, Role } from './principal.js';
import type { RateLimit } from './rate-limit.js';

/** Puts the token check before every route that asks for a role, and before all of /v1: 401 and 403 precede the body. */
export function guardRoutes(fastify: FastifyInstance, authenticator: Authenticator, rateLimit: RateLimit): void {
  fastify.decorateRequest('principal', null);
  fastify.addHook('onRoute', (route) => {
    const role = route.config?.requires ?? (route.url.startsWith('/v1/') ? 'admin' : null);
    if (role) {
      route.onRequest = [...[route.onRequest ?? []].flat(), guard(role, authenticator, rateLimit)];
    }
  });
}

function guard(role: Role, authenticator: Authenticator, rateLimit: RateLimit): onRequestHookHandler {
  return (request, _reply, done) => {
    const admitted = (principal: Principal) => admit(request, principal, role, rateLimit, done);
    try {
      const principal = authenticator.authenticate(request.headers.authorization);
      if (principal instanceof Promise) {
        principal.then(admitted, done);
      } else {
        admitted(principal);
      }
    } catch (error) {
      done(error as Error);
    }
  };
}

function admit(
  request: FastifyRequest,
  principal: Principal,
  role: Role,
  rateLimit: RateLimit,
  done: HookHandlerDoneFunction,
): void {
  try {
    rateLimit.count(principal.tokenId, request.routeOptions.url ?? '');
    assertRole(principal, role);
    const { service } = request.params as { service?: string };
    if (service !== undefined) {
      assertServiceAllowed(principal, service);
    }
    request.principal = principal;
  } catch (error) {
    done(error as Error);
    return;
  }
  done();
}
