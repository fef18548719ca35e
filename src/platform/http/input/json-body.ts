import { isUtf8 } from 'node:buffer';
import { MOST_ERRORS, pointerTo } from '../../../operations/problems/field-errors.js';
import { DomainError, type FieldError } from '../problems/domain-error.js';
import { httpErrors, validationFailed } from '../problems/http.errors.js';

const DEEPEST = 64;

/**
 * The value of a JSON body, undefined for an empty one. Stricter than JSON.parse, whose leniency hides what the sender
 * meant: a name given twice, `__proto__`, bytes that are no UTF-8, a nesting that would exhaust the stack are 400; text
 * that PostgreSQL cannot store is 422.
 */
export function parseJsonBody(bytes: Buffer): unknown {
  const value = parseStrictJson(bytes);
  // Escapes are the only way to such text: raw control characters are no JSON, raw surrogates no UTF-8.
  if (bytes.includes('\\u')) {
    refuseUnstorable(value);
  }
  return value;
}

/** The same, but for text that PostgreSQL cannot store: whoever keeps any of it has to replace that. */
export function parseStrictJson(bytes: Buffer): unknown {
  if (bytes.length === 0) {
    return undefined;
  }
  if (!isUtf8(bytes)) {
    throw malformed('The body is not UTF-8.');
  }
  const text = bytes.toString();
  const value = parse(text);
  inspect(text);
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw malformed(`${(cause as SyntaxError).message}.`, cause);
  }
}

/** Walks the text and not the value: of a name that is given twice, JSON.parse keeps the last and tells nobody. */
function inspect(text: string): void {
  const namesOf: Set<string>[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '{' || character === '[') {
      if (namesOf.push(new Set()) > DEEPEST) throw malformed(`The body is nested deeper than ${DEEPEST} levels.`);
    } else if (character === '}' || character === ']') {
      namesOf.pop();
    } else if (character === '"') {
      const end = endOfString(text, at);
      if (isFollowedByColon(text, end)) note(JSON.parse(text.slice(at, end + 1)) as string, namesOf.at(-1));
      at = end;
    }
  }
}

function note(name: string, names: Set<string> | undefined): void {
  if (name === '__proto__') {
    throw malformed('The name "__proto__" is not allowed in an object.');
  }
  if (names?.has(name)) {
    throw malformed(`The name ${JSON.stringify(name)} is given twice in one object.`);
  }
  names?.add(name);
}

function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (isEscaped(text, end)) {
    end = text.indexOf('"', end + 1);
  }
  return end;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text[at - 1 - backslashes] === '\\') {
    backslashes += 1;
  }
  return backslashes % 2 === 1;
}

function isFollowedByColon(text: string, end: number): boolean {
  let at = end + 1;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') {
    at += 1;
  }
  return text[at] === ':';
}

function refuseUnstorable(value: unknown): void {
  const errors: FieldError[] = [];
  collectUnstorable(value, [], errors);
  if (errors.length > 0) {
    throw validationFailed(errors);
  }
}

/** `path` is one list that follows the walk, and stops with it: a body may hold as many such texts as it has bytes. */
function collectUnstorable(value: unknown, path: string[], errors: FieldError[]): void {
  if (typeof value === 'string') {
    if (!isStorable(value))
      errors.push({ pointer: pointerTo(path), detail: 'holds U+0000 or half of a surrogate pair' });
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      if (errors.length >= MOST_ERRORS) return;
      if (!isStorable(name)) throw malformed('A name holds U+0000 or half of a surrogate pair.');
      path.push(name);
      collectUnstorable(member, path, errors);
      path.pop();
    }
  }
}

function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

function malformed(detail: string, cause?: unknown): DomainError {
  return new DomainError(httpErrors.malformedJson, detail, {}, { cause });
}
