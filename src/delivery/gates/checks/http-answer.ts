import type { FieldReader } from '../plan/condition.model.js';
import type { HttpAnswer } from './http-probe.js';
import { isJsonPointer, valueAt } from './json-pointer.model.js';
import { namesASecret, redacted } from './redaction.model.js';

const HEADER = 'header:';
/** A token, as RFC 9110 has the names of fields: no other name can ever be answered. */
const HEADER_FIELD = /^header:[\w!#$%&'*+.^`|~-]+$/;
const MAX_SHOWN = 200;
const MAX_EXCERPT = 300;
/** Redaction sees more than is shown, so that no half of a secret at the cut goes unrecognised. */
const REDACTED_BYTES = 4096;

/** Whether an HTTP answer can have the field: `status`, `durationMs`, `header:<name>`, or a JSON pointer into the body. */
export function isHttpField(field: string): boolean {
  return isNumericField(field) || isHostField(field);
}

export function isNumericField(field: string): boolean {
  return field === 'status' || field === 'durationMs';
}

/** Whether the field is one that a host says of itself: a header, or something in the body. */
export function isHostField(field: string): boolean {
  return HEADER_FIELD.test(field) || isJsonPointer(field);
}

/** Reads the fields of an answer. The body is parsed when it is first asked for; one that is no JSON has no fields. */
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

/** The value of a field for people to read: short, on one line, and without secrets. */
export function shown(field: string, value: unknown): string {
  if (value === undefined) return 'absent';
  if (namesASecret(field.split(/[/:]/).at(-1) ?? '')) return '[redacted]';
  return cut(redacted(JSON.stringify(value)), MAX_SHOWN);
}

/** The beginning of the body, without secrets; null if there is none to show. */
export function excerptOf({ body }: HttpAnswer): string | null {
  const text = redacted(body.toString('utf8', 0, REDACTED_BYTES))
    .replaceAll(/\s+/g, ' ')
    .trim();
  return text === '' ? null : cut(text, MAX_EXCERPT);
}

function headerOf(headers: HttpAnswer['headers'], name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}
