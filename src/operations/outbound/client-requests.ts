import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';

interface Watched {
  request: ClientRequest;
  response?: IncomingMessage;
}

/** Null where there was no answer. The time is that until the head of the answer. */
type Observe = (status: number | null, seconds: number) => void;

/**
 * Observes the requests of a library that sends them by itself, on Node's diagnostics channels, so that nothing changes
 * for it: agents, proxies and retries stay its own. Returns what ends the watch.
 */
export function watchRequests(isWatched: (request: ClientRequest) => boolean, observe: Observe): () => void {
  const startedAt = new WeakMap<ClientRequest, number>();
  const onStart = (message: unknown) => {
    const { request } = message as Watched;
    if (isWatched(request)) startedAt.set(request, performance.now());
  };
  const onEnd = (message: unknown) => {
    const { request, response } = message as Watched;
    const since = startedAt.get(request);
    // Whatever becomes of an answer that has begun, it is not observed twice.
    if (since === undefined || !startedAt.delete(request)) return;
    observe(response?.statusCode ?? null, (performance.now() - since) / 1000);
  };
  const listeners = {
    'http.client.request.start': onStart,
    'http.client.response.finish': onEnd,
    'http.client.request.error': onEnd,
  };
  for (const [channel, listener] of Object.entries(listeners)) subscribe(channel, listener);
  return () => {
    for (const [channel, listener] of Object.entries(listeners)) unsubscribe(channel, listener);
  };
}
