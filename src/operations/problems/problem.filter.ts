import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { OpsRoutes } from '../port/ops-routes.js';
import { Problem, PROBLEM } from './problem.js';

/**
 * Turns every thrown value into a problem document: ours, Nest's, Fastify's. The document of a defect shows no details.
 */
@Catch()
export class OpsProblemFilter implements ExceptionFilter {
  readonly #logger = new Logger('Operations');

  constructor(private readonly routes: OpsRoutes) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const problem = this.#problemOf(exception, request);
    if (problem.getStatus() === 500) this.#logger.error(exception);
    void reply
      .status(problem.getStatus())
      .headers(problem.headers)
      .header('content-type', PROBLEM)
      .serializer(JSON.stringify)
      .send(problem.body(pathOf(request), request.id));
  }

  #problemOf(exception: unknown, request: FastifyRequest): Problem {
    if (exception instanceof Problem) return exception;
    if (request.is404) return this.#noSuchRoute(request);
    if (!(exception instanceof HttpException) || exception.getStatus() >= 500) {
      return new Problem(500, 'This answer could not be made; the log says why.');
    }
    return new Problem(exception.getStatus(), exception.message);
  }

  #noSuchRoute(request: FastifyRequest): Problem {
    const allowed = this.routes.at(pathOf(request)).map(({ method }) => method);
    if (allowed.length === 0) return new Problem(404, 'There is nothing here.');
    const allow = allowed.join(', ');
    return new Problem(405, `Only ${allow} can be used here.`, { Allow: allow });
  }
}

/** Without the query, which may contain secrets. */
export function pathOf({ originalUrl }: FastifyRequest): string {
  return originalUrl.split('?', 1)[0] ?? '';
}
