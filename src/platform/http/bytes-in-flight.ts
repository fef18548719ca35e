import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type BytesInFlight, Share } from '../../operations/intake/bytes-in-flight.js';
import { hasBody, readBody } from '../../operations/intake/request-body.js';
import { ORDINARY_BODY_BYTES } from './body-limit.js';
import { DomainError } from './problems/domain-error.js';
import { httpErrors } from './problems/http.errors.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** What this exchange holds of the budget; null while it holds nothing worth counting. */
    share: Share | null;
  }
}

/** What is parsed takes several times the memory of its text, until the request is answered. */
const PARSED_PER_BYTE = 8;
/** Smaller answers are bounded by the number of connections. */
const LARGE_ANSWER = 64 * 1024;
/** By then a client has taken a large answer, or is closed: it holds the answer for as long as it likes otherwise. */
const TAKE_ANSWER_WITHIN_MS = 30_000;

/** Bodies and large answers come out of one budget; who would exceed it gets 503. */
export function holdBytesInFlight(fastify: FastifyInstance, budget: BytesInFlight): void {
  fastify.decorateRequest('share', null);
  fastify.addHook('onRequest', (request, reply, done) => {
    // Those that may be large leave half to the others, which are many, and small.
    const left = request.routeOptions.bodyLimit > ORDINARY_BODY_BYTES ? budget.most / 2 : 0;
    if (hasBody(request.raw)) request.share = shareOf(reply, budget, left);
    done();
  });
  fastify.addHook('onSend', (request, reply, payload, done) => {
    if (typeof payload !== 'string' || payload.length < LARGE_ANSWER) return done(null, payload);
    request.share ??= shareOf(reply, budget);
    if (!request.share.take(Buffer.byteLength(payload))) return done(overloaded());
    const timer = setTimeout(() => reply.raw.destroy(), TAKE_ANSWER_WITHIN_MS).unref();
    reply.raw.once('close', () => clearTimeout(timer));
    done(null, payload);
  });
}

/** The body of a request. @throws DomainError `body-too-large`, `overloaded`, `request-timeout` */
export async function bodyOf({ raw, share, routeOptions }: FastifyRequest): Promise<Buffer> {
  // Without one there is no body to read either.
  if (!share) return Buffer.alloc(0);
  const most = routeOptions.bodyLimit;
  const body = await readBody(raw, most, share);
  if (body === 'too-large') {
    throw new DomainError(httpErrors.bodyTooLarge, `A body has at most ${most / 1024} KiB here.`);
  }
  if (body === 'aborted') throw new DomainError(httpErrors.requestTimeout, 'The body did not arrive in full.');
  const parsed = routeOptions.config.textBody ? 0 : body.length * PARSED_PER_BYTE;
  if (body === 'overloaded' || !share.take(parsed)) throw overloaded();
  return body;
}

export function overloaded(
  detail = 'Requests and answers under way take all the memory there is for them.',
): DomainError {
  return new DomainError(httpErrors.overloaded, detail, {}, { headers: { 'retry-after': '1' } });
}

function shareOf(reply: FastifyReply, budget: BytesInFlight, left = 0): Share {
  const share = new Share(budget, left);
  reply.raw.once('close', () => share.giveBackAll());
  return share;
}
