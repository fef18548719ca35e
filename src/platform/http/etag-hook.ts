import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { etagOf, matchesNone } from './etag.js';

/** Works on what is sent anyway, so that a representation is serialized once. */
export function addEtags(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    if (route.config?.etag) {
      // Before the hook that takes the body off the answer to a HEAD.
      route.onSend = [tag, ...[route.onSend ?? []].flat()];
    }
  });
}

function tag(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  done: (error: null, payload: unknown) => void,
): void {
  if (reply.statusCode !== 200 || typeof payload !== 'string') {
    done(null, payload);
    return;
  }
  const etag = etagOf(payload);
  reply.header('etag', etag).header('cache-control', 'private, no-cache');
  const ifNoneMatch = request.headers['if-none-match'];
  if (ifNoneMatch !== undefined && matchesNone(ifNoneMatch, etag)) {
    reply.status(304).removeHeader('content-type');
    done(null, '');
    return;
  }
  done(null, payload);
}
