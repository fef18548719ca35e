import type { Context } from '@opentelemetry/api';
import { AsyncLocalStorage } from 'node:async_hooks';

export interface RequestContext {
  /** Of a request. */
  readonly requestId?: string;
  /** While tracing is on; of work that is no request too. */
  readonly trace?: Context;
}

/** What every log line and audit entry of a request carries; empty outside a request. */
export const requestContext = new AsyncLocalStorage<RequestContext>();
