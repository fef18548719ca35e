import type { Context } from '@opentelemetry/api';
import { AsyncLocalStorage } from 'node:async_hooks';

export interface RequestContext {
  /** The id of the request. */
  readonly requestId?: string;
  /** While tracing is on; also for work that is not a request. */
  readonly trace?: Context;
}

/** The fields of every log line and audit entry of a request; empty outside a request. */
export const requestContext = new AsyncLocalStorage<RequestContext>();
