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

/** Null without an answer. The time ends at the head of the answer. */
type Observe = (status: number | null, seconds: number) => void;

/**
 * Observes the requests that a library sends by itself, through Node's diagnostics channels. Nothing changes for the
 * library: it keeps its own agents, proxies and retries. While tracing is on, each request is a span of a call to
 * `peer`, and has the trace headers. Returns a function that ends the observation.
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
    // Whatever happens to an answer that has begun, it is not observed twice.
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
