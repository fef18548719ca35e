import type { IncomingMessage } from 'node:http';
import { hasBody } from './request-body.js';

export interface HeadFault {
  readonly status: 400 | 417;
  readonly detail: string;
}

/** Valid HTTP that a server should still refuse. Both ports refuse it, each with its own problem. */
export function faultOfHead(request: IncomingMessage): HeadFault | undefined {
  const { headers, method } = request;
  if (headers.host === undefined && request.httpVersion === '1.1') {
    return { status: 400, detail: 'A request of HTTP/1.1 needs a Host header.' };
  }
  // Node uses the first one, but a proxy in front may have used the last.
  if (isGivenTwice(request.rawHeaders, 'host')) return { status: 400, detail: 'A request has one Host header.' };
  if ((method === 'GET' || method === 'HEAD') && hasBody(request)) {
    return { status: 400, detail: `A ${method} has no body here.` };
  }
  if (headers.expect !== undefined && headers.expect.toLowerCase() !== '100-continue') {
    return { status: 417, detail: 'The only expectation that is known here is 100-continue.' };
  }
  return undefined;
}

function isGivenTwice(rawHeaders: readonly string[], name: string): boolean {
  let count = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const header = rawHeaders[at]!;
    if (header.length === name.length && header.toLowerCase() === name) count += 1;
  }
  return count > 1;
}
