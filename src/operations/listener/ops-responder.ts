import type { IncomingHttpHeaders } from 'node:http';
import type { GuardedRequest } from '../audit/operations-audit.js';
import { requestContext } from '../logging/request-context.js';
import { requestIdOf } from '../logging/request-id.js';
import { identified, problem } from './ops-answers.js';
import { OpsRefusal } from './ops-body.js';
import type { OpsAnswer, OpsRoute, OpsRoutes } from './ops-routes.js';

/** What comes over the wire. */
export interface WireRequest {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

interface Guard {
  /** Why this request may not have that route, or nothing. */
  refusalOf: (route: OpsRoute, request: WireRequest) => OpsAnswer | undefined;
}

interface Observer {
  onAnswer: (path: string, status: number) => void;
  onGuarded: (request: GuardedRequest) => void;
  onError: (path: string, error: unknown) => void;
}

/** Finds the route, asks the guard, gives the answer. Never rejects. */
export class OpsResponder {
  constructor(
    private readonly routes: OpsRoutes,
    private readonly guard: Guard,
    private readonly observer: Observer,
  ) {}

  async respond(request: WireRequest): Promise<OpsAnswer> {
    const requestId = requestIdOf(request.headers);
    return requestContext.run({ requestId }, async () => identified(await this.#observed(request), request, requestId));
  }

  async #observed(request: WireRequest): Promise<OpsAnswer> {
    const path = request.url.split('?', 1)[0] ?? '';
    const match = this.routes.find(request.method, path);
    const pattern = match.kind === 'route' ? match.route.path : match.kind === 'none' ? 'unmatched' : match.path;
    const answer = await this.#answerTo(request, path, match).catch((error: unknown) => this.#answerOf(error, pattern));
    this.observer.onAnswer(pattern, answer.status);
    const access = match.kind === 'route' ? match.route.access : 'open';
    const { status, change } = answer;
    if (access !== 'open') this.observer.onGuarded({ method: request.method, path, access, status, change });
    return answer;
  }

  #answerOf(error: unknown, pattern: string): OpsAnswer {
    if (error instanceof OpsRefusal) return error.answer;
    this.observer.onError(pattern, error);
    return problem(500, 'This answer could not be made; the log says why.');
  }

  async #answerTo(request: WireRequest, path: string, match: ReturnType<OpsRoutes['find']>): Promise<OpsAnswer> {
    if (match.kind === 'none') return problem(404, 'There is nothing here.');
    if (match.kind === 'wrong-method') {
      return problem(405, `Only ${match.allow.join(', ')} can be used here.`, { Allow: match.allow.join(', ') });
    }
    const refusal = this.guard.refusalOf(match.route, request);
    if (refusal) return refusal;
    const { method, headers, body } = request;
    return match.route.answer({ method, path, headers, body, parameter: match.parameter });
  }
}
