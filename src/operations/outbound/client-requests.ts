import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { ClientSpan } from '../tracing/open-spans.js';
import { tracing } from '../tracing/tracing.js';

interface Watched {
  request: ClientRequest;
  response?: IncomingMessage;
}

interface UnderWay {
  readonly startedAt: number;
  readonly span: ClientSpan | undefined;
}

/** Null where there was no answer. The time is that until the head of the answer. */
type Observe = (status: number | null, seconds: number) => void;

/**
 * Observes the requests of a library that sends them by itself, on Node's diagnostics channels, so that nothing changes
 * for it: agents, proxies and retries stay its own. While tracing is on each is a span of a call to `peer`, which is
 * told of it. Returns what ends the watch.
 */
export function watchRequests(
  peer: string,
  isWatched: (request: ClientRequest) => boolean,
  observe: Observe,
): () => void {
  const underWay = new WeakMap<ClientRequest, UnderWay>();
  const onCreated = (message: unknown) => {
    const { request } = message as Watched;
    if (isWatched(request)) underWay.set(request, { startedAt: performance.now(), span: spanOf(peer, request) });
  };
  const onEnd = (message: unknown) => {
    const { request, response } = message as Watched;
    const known = underWay.get(request);
    // Whatever becomes of an answer that has begun, it is not observed twice.
    if (known === undefined || !underWay.delete(request)) return;
    const status = response?.statusCode ?? null;
    if (status === null) known.span?.failWith('no_answer');
    else known.span?.endWith(status);
    observe(status, (performance.now() - known.startedAt) / 1000);
  };
  const listeners = {
    'http.client.request.created': onCreated,
    'http.client.response.finish': onEnd,
    'http.client.request.error': onEnd,
  };
  for (const [channel, listener] of Object.entries(listeners)) subscribe(channel, listener);
  return () => {
    for (const [channel, listener] of Object.entries(listeners)) unsubscribe(channel, listener);
  };
}

function spanOf(peer: string, request: ClientRequest): ClientSpan | undefined {
  const url = URL.parse(request.path, `${request.protocol}//${String(request.getHeader('host'))}`);
  const span = (url && tracing.spans?.call(peer, request.method, url)) ?? undefined;
  for (const [name, value] of Object.entries(span?.headers ?? {})) request.setHeader(name, value);
  return span;
}
