import { AsyncLocalStorage } from 'node:async_hooks';

export interface RequestContext {
  requestId: string;
}

/** What every log line and audit entry of a request carries; empty outside a request. */
export const requestContext = new AsyncLocalStorage<RequestContext>();
