import { isPlaceholder, type Placeholder, PLACEHOLDER, type TemplateValues } from '../plan/template.model.js';

/** A query template whose values cannot change the structure of the query. */
export interface QueryTemplate {
  readonly fault: null;
  render(values: TemplateValues): string;
}

/** Why a template cannot be rendered safely. */
export interface UnsafeTemplate {
  readonly fault: string;
}

interface QuotedString {
  /** The text between the quotes. */
  readonly start: number;
  readonly end: number;
  readonly quote: string;
  /** The token before it. */
  readonly before: string;
}

interface Slot {
  readonly start: number;
  readonly end: number;
  readonly name: Placeholder;
  readonly quote: string;
  readonly isRegex: boolean;
}

const ESCAPE = /\\(?:[abfnrtv\\'"]|[0-7]{3}|x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8})/g;
const NAMED_ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};
const REGEX_SYNTAX = /[\\.+*?()|[\]{}^$]/g;
const CONTROL = /\p{Cc}/gu;
const MOST_CODE_POINT = 0x10_ffff;

/**
 * Parses a PromQL template. Placeholders are allowed only in the quoted value of a label matcher, because only there it
 * is known what to escape.
 */
export function queryTemplate(template: string): QueryTemplate | UnsafeTemplate {
  const strings = stringsOf(template);
  if (!strings) return { fault: 'has a quote that is not closed' };
  const slots: Slot[] = [];
  for (const { 0: whole, 1: name = '', index: start } of template.matchAll(PLACEHOLDER)) {
    const slot = slotOf(template, strings, { name, start, end: start + whole.length });
    if ('fault' in slot) return slot;
    slots.push(slot);
  }
  return { fault: null, render: (values) => rendered(template, slots, values) };
}

function slotOf(
  template: string,
  strings: readonly QuotedString[],
  { name, start, end }: { name: string; start: number; end: number },
): Slot | UnsafeTemplate {
  if (!isPlaceholder(name)) return { fault: `{${name}} stands for nothing` };
  if (name === 'host.url') return { fault: '{host.url} is no value of a label: use {host.name}' };
  const string = strings.find((one) => one.start <= start && end <= one.end);
  if (!string) return { fault: `{${name}} stands outside of a quoted string` };
  if (string.quote === '`') return { fault: `{${name}} stands between backticks, where nothing can be escaped` };
  const operator = /(?:^|[^=!<>~])(=|!=|=~|!~)$/.exec(string.before)?.[1];
  if (operator === undefined) return { fault: `{${name}} stands in a string that is no value of a label matcher` };
  const isRegex = operator.endsWith('~');
  const before = decoded(template.slice(string.start, start).replaceAll(PLACEHOLDER, 'x'));
  if (before === null) return { fault: `{${name}} stands in a string after an escape that PromQL does not know` };
  if (isRegex && isWithinSyntax(before)) {
    return { fault: `{${name}} stands within an escape, a class or a repetition of a regular expression` };
  }
  return { name, start, end, quote: string.quote, isRegex };
}

/** The quoted strings of a query; null where one is not closed. */
function stringsOf(query: string): QuotedString[] | null {
  const strings: QuotedString[] = [];
  let before = '';
  for (let at = 0; at < query.length; at += 1) {
    const character = query.charAt(at);
    if (character === '#') {
      at = endOf(query, '\n', at);
    } else if (`"'\``.includes(character)) {
      const end = endOfString(query, at);
      if (end === null) return null;
      strings.push({ start: at + 1, end, quote: character, before });
      before = character;
      at = end;
    } else if (character.trim() !== '') {
      before = (before + character).slice(-3);
    }
  }
  return strings;
}

/** The position of the closing quote of the string that begins here. */
function endOfString(query: string, start: number): number | null {
  const quote = query.charAt(start);
  for (let at = start + 1; at < query.length; at += 1) {
    const character = query.charAt(at);
    if (character === quote) return at;
    if (quote === '`') continue;
    if (character === '\n') return null;
    if (character === '\\') at += 1;
  }
  return null;
}

/** The decoded part of a string; null if it ends within an escape or has an unknown escape. */
function decoded(text: string): string | null {
  let isKnown = !text.replaceAll(ESCAPE, '').includes('\\');
  const plain = text.replaceAll(ESCAPE, (escape) => {
    const body = escape.slice(1);
    if (body.length === 1) return NAMED_ESCAPES[body] ?? body;
    const code =
      body.length === 3 && /^[0-7]/.test(body) ? Number.parseInt(body, 8) : Number.parseInt(body.slice(1), 16);
    isKnown &&= code <= MOST_CODE_POINT;
    return isKnown ? String.fromCodePoint(code) : '';
  });
  return isKnown ? plain : null;
}

/**
 * Whether a class or repetition of the regular expression is still open at its end. A value there would have another
 * meaning.
 */
function isWithinSyntax(regex: string): boolean {
  let at = 0;
  while (at < regex.length) at = endOfAtom(regex, at);
  return at > regex.length;
}

/** Where the next atom begins; beyond the end of the text if this atom is not complete. */
function endOfAtom(regex: string, at: number): number {
  const [first, second] = [regex.charAt(at), regex.charAt(at + 1)];
  if (first === '\\' && second === 'Q') return endOf(regex, '\\E', at + 2) + 2;
  if (first === '\\' && 'pPx'.includes(second) && regex.charAt(at + 2) === '{') return endOf(regex, '}', at) + 1;
  if (first === '\\') return at + 2;
  if (first === '[') return endOfClass(regex, at + 1);
  if (first === '{') return endOf(regex, '}', at) + 1;
  if (first !== '(' || second !== '?') return at + 1;
  return Math.min(...[':', ')', '>'].map((mark) => endOf(regex, mark, at))) + 1;
}

/** A `]` that comes first in a class is one of its members. */
function endOfClass(regex: string, start: number): number {
  let at = regex.charAt(start) === '^' ? start + 1 : start;
  if (regex.charAt(at) === ']') at += 1;
  for (; at < regex.length && regex.charAt(at) !== ']'; at += 1) {
    if (regex.charAt(at) === '\\') at += 1;
    else if (regex.startsWith('[:', at)) at = endOf(regex, ':]', at) + 1;
  }
  return at + 1;
}

/** The position of the next occurrence, or the length if there is none. */
function endOf(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  return at === -1 ? text.length : at;
}

function rendered(template: string, slots: readonly Slot[], values: TemplateValues): string {
  const parts: string[] = [];
  let at = 0;
  for (const { name, start, end, quote, isRegex } of slots) {
    const value = isRegex ? values[name].replaceAll(REGEX_SYNTAX, String.raw`\$&`) : values[name];
    parts.push(template.slice(at, start), inQuotes(value, quote));
    at = end;
  }
  return [...parts, template.slice(at)].join('');
}

/** The value, escaped for these quotes. */
function inQuotes(value: string, quote: string): string {
  return value
    .replaceAll('\\', String.raw`\\`)
    .replaceAll(quote, `\\${quote}`)
    .replaceAll(CONTROL, (control) => String.raw`\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
