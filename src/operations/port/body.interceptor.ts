import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { BytesInFlight, Share } from '../intake/bytes-in-flight.js';
import { type BodyRefusal, hasBody, readBody } from '../intake/request-body.js';
import { Problem } from '../problems/problem.js';

/** No valid write is longer. */
const MOST_BODY_BYTES = 16 * 1024;
const MOST_BYTES_IN_FLIGHT = 1024 * 1024;

const refusals: Readonly<Record<BodyRefusal, () => Problem>> = {
  'too-large': () => new Problem(413, 'No body that is taken here has more than 16 KiB.'),
  overloaded: () => new Problem(503, 'Too many bodies are being read.', { 'Retry-After': '1' }),
  aborted: () => new Problem(408, 'The body did not arrive in full.'),
};

/** Reads the body only after the guard has allowed the request. Fastify would read the body of every request. */
@Injectable()
export class BodyInterceptor implements NestInterceptor {
  readonly #budget = new BytesInFlight(MOST_BYTES_IN_FLIGHT);

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    if (hasBody(request.raw)) request.body = await this.#read(request, reply);
    return next.handle();
  }

  async #read({ raw }: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const share = new Share(this.#budget);
    reply.raw.once('close', () => share.giveBackAll());
    const body = await readBody(raw, MOST_BODY_BYTES, share);
    if (typeof body === 'string') throw refusals[body]();
    return parseJson(body.toString());
  }
}

export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new Problem(400, 'The body is not JSON.');
  }
}
