import type { FastifyInstance, FastifyReply, FastifyRequest, onSendHookHandler } from 'fastify';
import { etagOf, matchesNone } from './etag.js';

/** Works on what is sent anyway, so that a representation is serialized once. */
export function addEtags(fastify: FastifyInstance): void {
  const tagged = new Set<string>();
  fastify.addHook('onRoute', (route) => {
    if (route.method === 'PUT' || route.method === 'PATCH') {
      route.onSend = [tagWrite(tagged), ...[route.onSend ?? []].flat()];
    } else if (route.config?.etag) {
      tagged.add(route.url);
      // Before the hook that takes the body off the answer to a HEAD.
      route.onSend = [tag, ...[route.onSend ?? []].flat()];
    }
  });
}

/** A PUT or PATCH answers with what a GET of the same path would now: with its ETag as well, if that has one. */
function tagWrite(tagged: ReadonlySet<string>): onSendHookHandler {
  return (request, reply, payload, done) => {
    const isTagged = tagged.has(request.routeOptions.url ?? '') && reply.statusCode < 300;
    if (isTagged && typeof payload === 'string') reply.header('etag', etagOf(payload));
    done(null, payload);
  };
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
