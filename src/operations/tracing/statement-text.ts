const LONGEST = 1024;
const MOST_REMEMBERED = 500;
/** One that is open where the text was cut goes to its end. */
const LITERALS = /'[^']*(?:'|$)/g;

const remembered = new Map<string, string>();

/** A statement as a span may show it: cut, and without the strings in it. Parameters are not in it in the first place. */
export function statementText(text: string): string {
  const known = remembered.get(text);
  if (known !== undefined) return known;
  const cleaned = withoutStrings(text.slice(0, LONGEST)).replaceAll(/\s+/g, ' ').trim();
  if (remembered.size < MOST_REMEMBERED) remembered.set(text, cleaned);
  return cleaned;
}

/** A backslash ends a string or does not, by a setting of the database: with one, nothing is shown from the first string on. */
function withoutStrings(text: string): string {
  return text.includes('\\') ? text.replace(/'[^]*/, '?') : text.replaceAll(LITERALS, '?');
}
