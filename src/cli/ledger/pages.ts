/** The cursor of the page after this answer; undefined on the last one. */
export function nextCursor({ headers }: Response): string | undefined {
  const [, next] = /<([^<>]*)>; rel="next"/.exec(headers.get('link') ?? '') ?? [];
  return next === undefined ? undefined : (new URL(next, 'http://plimsoll').searchParams.get('cursor') ?? undefined);
}
