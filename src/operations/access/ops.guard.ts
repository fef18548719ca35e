import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { hasBody } from '../intake/request-body.js';
import { Problem } from '../problems/problem.js';
import { OpsAccess } from './access.js';
import { WriteLimit } from './write-limit.js';

/** Access to the operations port. Probes, metrics and info are open; everything else requires the token. */
@Injectable()
export class OpsGuard implements CanActivate {
  constructor(
    private readonly access: OpsAccess,
    private readonly writes: WriteLimit,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const { headers, routeOptions } = context.switchToHttp().getRequest<FastifyRequest>();
    const { access = 'write' } = routeOptions.config;
    if (access === 'open') return true;
    // Answer as if the route did not exist.
    if (!this.access.isOffered) throw new Problem(404, 'There is nothing here.');
    if (!this.access.hasToken(headers)) {
      throw new Problem(401, 'The token is missing or wrong.', { 'WWW-Authenticate': 'Bearer' });
    }
    if (!this.access.allows(access)) {
      throw new Problem(403, `OPS_MAX_ACCESS is ${this.access.most}; this needs ${access}.`);
    }
    if (access === 'write') this.#admitWrite(headers);
    return true;
  }

  #admitWrite(headers: FastifyRequest['headers']): void {
    // A browser on an operator's machine can reach this port, but a page in it must not.
    if (headers.origin !== undefined) throw new Problem(403, 'Browsers have no business here.');
    if (hasBody({ headers }) && !/^application\/([\w.-]+\+)?json\b/.test(headers['content-type'] ?? '')) {
      throw new Problem(415, 'The body must be JSON.');
    }
    this.writes.count();
  }
}
