import type { FieldReader } from '../plan/condition.model.js';
import type { NumericRange } from '../plan/numeric-range.model.js';
import type { HttpAnswer } from './http-exchange.js';
import { isJsonPointer, valueAt } from './json-pointer.model.js';
import { namesASecret, redacted } from './redaction.model.js';

const HEADER = 'header:';
/** A token, as RFC 9110 defines field names. No answer can have a header with another name. */
const HEADER_FIELD = /^header:[\w!#$%&'*+.^`|~-]+$/;
/** A status code has three digits, and the first is not 0. */
const RANGES: ReadonlyMap<string, NumericRange> = new Map([
  ['status', { least: 100, most: 999, isWhole: true }],
  ['durationMs', { least: 0, most: Number.POSITIVE_INFINITY, isWhole: false }],
]);
const MAX_SHOWN = 200;
const MAX_EXCERPT = 300;
/** How much text redaction reads. It is more than is shown. */
const REDACTED_BYTES = 4096;

/** Whether an HTTP answer can have the field: `status`, `durationMs`, `header:<name>`, or a JSON pointer into the body. */
export function isHttpField(field: string): boolean {
  return RANGES.has(field) || isHostField(field);
}

export function rangeOfField(field: string): NumericRange | null {
  return RANGES.get(field) ?? null;
}

/** Whether the host itself writes the field: a header, or a field of the body. */
export function isHostField(field: string): boolean {
  return HEADER_FIELD.test(field) || isJsonPointer(field);
}

/** Reads the fields of an answer. Parses the body at the first access; a body that is not JSON has no fields. */
export function fieldsOf({ status, durationMs, headers, body }: HttpAnswer): FieldReader {
  let document: { readonly parsed: unknown } | null = null;
  return (field) => {
    if (field === 'status') return status;
    if (field === 'durationMs') return durationMs;
    if (field.startsWith(HEADER)) return headerOf(headers, field.slice(HEADER.length).toLowerCase());
    document ??= { parsed: parsed(body) };
    return valueAt(document.parsed, field);
  };
}

/** The value of a field for people: short, on one line, and without secrets. */
export function shown(field: string, value: unknown): string {
  if (value === undefined) return 'absent';
  if (namesASecret(field.split(/[/:]/).at(-1) ?? '')) return '[redacted]';
  return cut(redacted(JSON.stringify(value)), MAX_SHOWN);
}

/** A summary of an answer for people: status, duration, these fields, the beginning of the body. */
export function toldOf(answer: HttpAnswer, fields: readonly string[]): Record<string, unknown> {
  const read = fieldsOf(answer);
  const { status, durationMs } = answer;
  const others = [...new Set(fields)].filter((field) => !RANGES.has(field));
  const told = Object.fromEntries(others.map((field) => [field, toldValue(field, read(field))]));
  return { status, durationMs, ...told, body: excerptOf(answer) };
}

/** A number or boolean unchanged; null for a missing field. */
function toldValue(field: string, value: unknown): unknown {
  if (value === undefined || value === null) return null;
  const isPlain = typeof value === 'number' || typeof value === 'boolean';
  if (isPlain && !namesASecret(field)) return value;
  return typeof value === 'string' && !namesASecret(field) ? cut(redacted(value), MAX_SHOWN) : shown(field, value);
}

/** The beginning of the body, without secrets; null if there is none to show. */
export function excerptOf({ body }: HttpAnswer): string | null {
  const text = redacted(body.toString('utf8', 0, REDACTED_BYTES))
    .replaceAll(/\s+/g, ' ')
    .trim();
  return text === '' ? null : cut(text, MAX_EXCERPT);
}

function headerOf(headers: HttpAnswer['headers'], name: string): string | undefined {
  // Not `in`: `constructor` is no header.
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
  return Array.isArray(value) ? value.join(', ') : value;
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

export function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}
