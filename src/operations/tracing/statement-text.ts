const LONGEST = 1024;
const MOST_REMEMBERED = 500;
/** A string that is still open at the cut extends to the end. */
const LITERALS = /'[^']*(?:'|$)/g;

const remembered = new Map<string, string>();

/** A statement for a span: cut, and without its strings. Parameters are not part of the text. */
export function statementText(text: string): string {
  const known = remembered.get(text);
  if (known !== undefined) return known;
  const cleaned = withoutStrings(text.slice(0, LONGEST)).replaceAll(/\s+/g, ' ').trim();
  if (remembered.size < MOST_REMEMBERED) remembered.set(text, cleaned);
  return cleaned;
}

/**
 * Whether a backslash can escape the end of a string depends on a setting of the database. So in a text with a
 * backslash, everything from the first string on is hidden.
 */
function withoutStrings(text: string): string {
  return text.includes('\\') ? text.replace(/'[^]*/, '?') : text.replaceAll(LITERALS, '?');
}
