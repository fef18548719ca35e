import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { DomainError } from './problems/domain-error.js';
import { httpErrors } from './problems/http.errors.js';

/** Spread into the query schema of a list: `z.strictObject({ ...pageQuery.shape, state: … })`. */
export const pageQuery = z.strictObject({
  cursor: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export type PageQuery = z.output<typeof pageQuery>;

/** What lists are ordered by, both descending. */
export interface Keyset {
  readonly createdAt: Date;
  readonly id: string;
}

export interface Page<Item> {
  readonly items: Item[];
}

const idPatterns = {
  uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
  slug: /^[a-z][a-z0-9-]{0,62}$/,
};

const LAST_YEAR_IN_FOUR_DIGITS = Date.UTC(9999, 11, 31);

/**
 * Where the page begins: rows strictly before it, `(created_at, id) < (…)`. Null for the first page. 400
 * `invalid-cursor` for anything that this list did not hand out, so that none of it reaches the database.
 */
export function decodeCursor(
  cursor: string | undefined,
  { request }: FastifyReply,
  idIs: keyof typeof idPatterns = 'uuid',
): Keyset | null {
  if (cursor === undefined) {
    return null;
  }
  const decoded = cursor.length <= 200 ? Buffer.from(cursor, 'base64url').toString() : '';
  const [list, time = '', id = ''] = decoded.split(' ', 3);
  if (
    list !== nameOf(request) ||
    !/^\d{1,15}$/.test(time) ||
    Number(time) > LAST_YEAR_IN_FOUR_DIGITS ||
    !idPatterns[idIs].test(id)
  ) {
    throw new DomainError(httpErrors.invalidCursor, 'Take the cursor from the Link header of the page before.');
  }
  return { createdAt: new Date(Number(time)), id };
}

/** A page ends before the item that would take it past this, so that no answer is over 2 MiB. */
const MOST_PAGE_CHARACTERS = 512 * 1024;

/**
 * A page of at most `limit` of the rows, and of fewer where they are large, with `Link: <…>; rel="next"` if there are
 * more: the reader asks the database for `limit + 1`.
 */
export function toPage<Row extends Keyset, Item>(
  rows: readonly Row[],
  limit: number,
  reply: FastifyReply,
  represent: (row: Row) => Item,
): Page<Item> {
  const items = fitting(rows.slice(0, limit), represent);
  const last = rows[items.length - 1];
  if (rows.length > items.length && last) {
    reply.header('link', `<${nextUrl(reply.request.url, encodeCursor(last, nameOf(reply.request)))}>; rel="next"`);
  }
  return { items };
}

function fitting<Row, Item>(rows: readonly Row[], represent: (row: Row) => Item): Item[] {
  const items: Item[] = [];
  let characters = 0;
  for (const row of rows) {
    const item = represent(row);
    characters += JSON.stringify(item).length;
    if (characters > MOST_PAGE_CHARACTERS && items.length > 0) break;
    items.push(item);
  }
  return items;
}

function encodeCursor({ createdAt, id }: Keyset, list: string): string {
  return Buffer.from(`${list} ${createdAt.getTime()} ${id}`).toString('base64url');
}

/** The route and not the filter: that may change from page to page. Short, since it stands in every cursor. */
function nameOf({ routeOptions }: FastifyRequest): string {
  return hash('sha256', routeOptions.url ?? '', 'base64url').slice(0, 6);
}

function nextUrl(url: string, cursor: string): string {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  searchParams.set('cursor', cursor);
  return `${pathname}?${searchParams}`;
}
