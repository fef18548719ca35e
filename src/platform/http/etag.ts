import { hash } from 'node:crypto';
import { DomainError } from './problems/domain-error.js';
import { httpErrors } from './problems/http.errors.js';
import { Refuses } from './problems/refuses.js';
import { extendRouteConfig } from './route-config.js';

/** Gives the answers of a GET a strong ETag and answers 304 to an `If-None-Match` that holds it. */
export function WithEtag(): MethodDecorator {
  return extendRouteConfig({ etag: true });
}

/** For a PUT whose service calls `assertIfMatch`: documents the header and its 412. */
export function TakesIfMatch(): MethodDecorator {
  return Refuses(httpErrors.preconditionFailed);
}

/** The strong ETag of a serialized representation. */
export function etagOf(json: string): string {
  return `"${hash('sha256', json, 'base64url')}"`;
}

/**
 * 412 unless `If-Match` holds the ETag of what a GET of the same path would answer now (null: it would answer 404).
 * Without the header every state will do. Call it in the transaction that writes, after the row is locked.
 */
export function assertIfMatch(ifMatch: string | undefined, representation: unknown): void {
  if (ifMatch === undefined) {
    return;
  }
  const current = representation === null ? null : etagOf(JSON.stringify(representation));
  const holds = ifMatch.trim() === '*' ? current !== null : current !== null && listedTags(ifMatch).includes(current);
  if (!holds) {
    throw new DomainError(
      httpErrors.preconditionFailed,
      current === null ? 'There is no such resource yet.' : 'The resource has changed: read it again.',
    );
  }
}

/** Whether `If-None-Match` holds the tag; weak ones count, as RFC 9110 compares weakly here. */
export function matchesNone(ifNoneMatch: string, etag: string): boolean {
  return ifNoneMatch.trim() === '*' || listedTags(ifNoneMatch.replaceAll('W/"', '"')).includes(etag);
}

function listedTags(header: string): string[] {
  return header.split(',').map((tag) => tag.trim());
}
