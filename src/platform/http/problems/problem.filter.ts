import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { asDomainError } from '../../database/database-failure.js';
import { ImpossibleParameter } from '../input/schema-pipe.js';
import { mediaTypeOf } from '../line-body.js';
import type { RouteTable } from '../route-table.js';
import { DomainError, type ErrorRow } from './domain-error.js';
import { httpErrors, validationFailed } from './http.errors.js';
import { sendProblem } from './problem.js';

const rowByStatus = new Map<number, ErrorRow>(
  [
    httpErrors.malformedRequest,
    httpErrors.unauthenticated,
    httpErrors.notFound,
    httpErrors.methodNotAllowed,
    httpErrors.requestTimeout,
    httpErrors.bodyTooLarge,
    httpErrors.unsupportedMediaType,
    httpErrors.validationFailed,
    httpErrors.tooManyRequests,
  ].map((row) => [row.status, row]),
);

/** The server of static files says so of `/docs/../…`; our own 403 are domain errors. */
const OUTSIDE_THE_FOLDER = 403;

const UNSUPPORTED = 415;

/** Makes a problem document of whatever was thrown: ours, Nest's, Fastify's, or a defect, of which it tells nothing. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('ProblemFilter');

  constructor(private readonly routes: RouteTable) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const error = this.translate(exception, request);
    // 503 is the state of something else, which health and metrics tell of.
    if (error.status >= 500 && error.status !== 503) {
      this.logger.error(exception);
    }
    if (reply.sent || reply.raw.headersSent) {
      reply.raw.destroy();
    } else {
      sendProblem(request, reply, error);
    }
  }

  private translate(exception: unknown, request: FastifyRequest): DomainError {
    if (exception instanceof HttpException && (request.is404 || exception.getStatus() === OUTSIDE_THE_FOLDER)) {
      return this.noSuchRoute(request);
    }
    if (exception instanceof ImpossibleParameter && request.method === 'PUT') {
      return validationFailed([{ pointer: '', detail: exception.fault }]);
    }
    if (exception instanceof HttpException) {
      return fromNest(exception, request);
    }
    const error = asDomainError(exception);
    return error instanceof DomainError ? error : internalError(exception);
  }

  private noSuchRoute({ method, url }: FastifyRequest): DomainError {
    const path = url.split('?', 1)[0] ?? '';
    const allowed = this.routes.methodsOf(path);
    if (allowed.length === 0) {
      return new DomainError(httpErrors.routeNotFound, `There is no route ${path}.`);
    }
    const allow = allowed.join(', ');
    const detail = `${path} has no ${method}; it has ${allow}.`;
    return new DomainError(httpErrors.methodNotAllowed, detail, {}, { headers: { allow } });
  }
}

function fromNest(exception: HttpException, request: FastifyRequest): DomainError {
  const status = exception.getStatus();
  const row = rowByStatus.get(status);
  // Where the framework's own words say too little.
  const detail = status === UNSUPPORTED ? mediaTypeOf(request) : exception.message;
  return row ? new DomainError(row, detail, {}, { cause: exception }) : internalError(exception);
}

function internalError(cause: unknown): DomainError {
  return new DomainError(httpErrors.internalError, 'The failure was logged with the requestId.', {}, { cause });
}
