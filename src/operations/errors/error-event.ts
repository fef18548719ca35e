import { randomUUID } from 'node:crypto';
import type { TraceIds } from '../tracing/open-spans.js';
import { framesOf } from './stack-frames.js';

/** A limit, because an error may be its own cause. */
const MOST_CAUSES = 5;
const LONGEST_MESSAGE = 2000;

export interface ErrorReport {
  readonly error: Error;
  readonly fingerprint: string;
  readonly kind: string;
  /** The request or work during which the error occurred. */
  readonly requestId?: string | undefined;
  readonly trace?: TraceIds | undefined;
}

export interface ErrorOrigin {
  readonly release: string;
  readonly environment: string;
}

/** The event of an error in Sentry's protocol: https://develop.sentry.dev/sdk/data-model/event-payloads/ */
export function errorEvent({ error, fingerprint, kind, requestId, trace }: ErrorReport, origin: ErrorOrigin) {
  const isHandled = kind === 'logged';
  return {
    event_id: randomUUID().replaceAll('-', ''),
    timestamp: Date.now() / 1000,
    platform: 'node',
    level: isHandled ? 'error' : 'fatal',
    ...origin,
    fingerprint: [fingerprint],
    tags: { kind, ...(requestId !== undefined && { requestId }) },
    contexts: { runtime: { name: 'node', version: process.version }, ...(trace && { trace }) },
    exception: { values: withCauses(error).map((each) => exceptionOf(each, { type: kind, handled: isHandled })) },
  };
}

/** The first cause comes first. */
function withCauses(error: Error): Error[] {
  const found = [error];
  for (let { cause } = error; cause instanceof Error && found.length < MOST_CAUSES; { cause } = cause)
    found.unshift(cause);
  return found;
}

function exceptionOf(error: Error, mechanism: object) {
  // The innermost call comes last.
  const frames = framesOf(error).toReversed();
  const value = error.message.slice(0, LONGEST_MESSAGE);
  return { type: error.name, value, mechanism, ...(frames.length > 0 && { stacktrace: { frames } }) };
}
