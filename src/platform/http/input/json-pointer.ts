/** The RFC 6901 pointer to a place in a JSON value; '' is the whole. */
export function pointerTo(path: readonly PropertyKey[]): string {
  return path.map((segment) => `/${String(segment).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
