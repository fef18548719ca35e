/** The fault at one place of a body: an RFC 6901 pointer to it, and how to correct it. */
export interface FieldError {
  readonly pointer: string;
  readonly detail: string;
}

/** More are of no use. Collecting stops here, because the sender controls how many there are, and how long. */
export const MOST_ERRORS = 50;

const LONGEST_POINTER = 200;
const LONGEST_DETAIL = 500;

/** The RFC 6901 pointer to a place in a JSON value; '' is the whole. One of over 200 characters is cut, ending in `…`. */
export function pointerTo(path: readonly PropertyKey[]): string {
  let pointer = '';
  for (const segment of path) {
    const name = String(segment).slice(0, LONGEST_POINTER);
    pointer += `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (pointer.length > LONGEST_POINTER) break;
  }
  return cut(pointer, LONGEST_POINTER);
}

/** The first 50 of the errors, none of them long. */
export function boundedErrors(errors: readonly FieldError[]): FieldError[] {
  return errors
    .slice(0, MOST_ERRORS)
    .map(({ pointer, detail }) => ({ pointer: cut(pointer, LONGEST_POINTER), detail: cut(detail, LONGEST_DETAIL) }));
}

/** Text of at most this many characters. Longer text ends in `…`, and is never cut within a surrogate pair. */
export function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).toWellFormed()}…`;
}
