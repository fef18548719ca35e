import { hash } from 'node:crypto';
import { DomainError } from '../http/problems/domain-error.js';
import { httpErrors } from '../http/problems/http.errors.js';

const BEARER = /^Bearer +([A-Za-z0-9._~+/-]{1,512}=*)$/i;

/** Three parts, as no token of Plimsoll's own has. The last one is empty where nobody signed. */
const JWT = /^Bearer +([A-Za-z0-9_-]{2,2048}\.[A-Za-z0-9_-]{2,6144}\.[A-Za-z0-9_-]{0,2048})$/i;

/** The JSON Web Token in an Authorization header; undefined if there is none. */
export function bearerJwt(authorization: string | undefined): string | undefined {
  return authorization === undefined ? undefined : JWT.exec(authorization)?.[1];
}

/** The SHA-256, in base64url, of the token in an Authorization header; 401 if there is none. */
export function bearerSha256(authorization: string | undefined): string {
  if (authorization === undefined) {
    throw unauthenticated('Send a token: Authorization: Bearer plm_….', 'Bearer realm="plimsoll"');
  }
  const [, token] = BEARER.exec(authorization) ?? [];
  if (token === undefined) {
    throw invalidToken('The Authorization header must hold a bearer token.');
  }
  return tokenSha256(token);
}

export function tokenSha256(token: string): string {
  return hash('sha256', token, 'base64url');
}

export function invalidToken(detail = 'The token is not known, has expired or was revoked.'): DomainError {
  return unauthenticated(detail, 'Bearer realm="plimsoll", error="invalid_token"');
}

function unauthenticated(detail: string, challenge: string): DomainError {
  return new DomainError(httpErrors.unauthenticated, detail, {}, { headers: { 'www-authenticate': challenge } });
}
