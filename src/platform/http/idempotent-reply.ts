import type { FastifyReply } from 'fastify';
import type { Idempotency } from './idempotency.js';

/** Hands an idempotent answer to Fastify: its status, and whether it was given before. Returns the body. */
export function replyWith<Body>(reply: FastifyReply, answer: Awaited<ReturnType<Idempotency['run']>>): Body {
  reply.status(answer.status);
  if (answer.replayed) reply.header('idempotency-replayed', 'true');
  return answer.body as Body;
}
