import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

const traceparentPattern = /^[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}/;
const requestIdPattern = /^[A-Za-z0-9._:/+=@-]{1,128}$/;

/** The trace id of `traceparent`, otherwise `X-Request-Id` if it is safe in a log line, otherwise a new id. */
export function requestIdOf(headers: IncomingHttpHeaders): string {
  const traceId = single(headers['traceparent'])?.match(traceparentPattern)?.[1];
  if (traceId) return traceId;
  const given = single(headers['x-request-id']);
  return given !== undefined && requestIdPattern.test(given) ? given : randomUUID();
}

function single(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
