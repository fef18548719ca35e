import type { FastifyRequest } from 'fastify';

/** The board sets it for `/v1/events`, since an EventSource sends no header: HttpOnly, Secure, SameSite=Strict. */
export const TOKEN_COOKIE = 'plimsoll_token';

/** Browsers say where a request comes from. One that does not say so is none, or an old one that keeps SameSite. */
const OWN_SITES: ReadonlySet<unknown> = new Set([undefined, 'same-origin', 'none']);

/** The Authorization of a request: its header, or what the cookie means, on a GET whose route takes it. */
export function authorizationOf({ method, headers, routeOptions }: FastifyRequest): string | undefined {
  const { authorization, cookie } = headers;
  if (authorization !== undefined || cookie === undefined || method !== 'GET') return authorization;
  if (!routeOptions.config.takesCookie || !OWN_SITES.has(headers['sec-fetch-site'])) return undefined;
  const prefix = `${TOKEN_COOKIE}=`;
  const pair = cookie.split(';').find((each) => each.trimStart().startsWith(prefix));
  return pair && `Bearer ${pair.trim().slice(prefix.length)}`;
}
