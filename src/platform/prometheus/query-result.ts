import { parseJsonBody } from '../http/input/json-body.js';
import { ProbeError } from '../probes/probe-error.js';
import type { Answer } from './bounded-request.js';

/** As many as help to tell series apart. */
const MOST_SAMPLES = 3;
const MOST_WARNINGS = 3;
const MOST_TEXT = 300;

/** A number as Go writes it, without exponents that nobody needs to read. */
const NUMBER = /^[+-]?\d{1,400}(?:\.\d{1,400})?(?:e[+-]?\d{1,4})?$/i;
const SPECIAL: ReadonlyMap<string, number> = new Map([
  ['NaN', Number.NaN],
  ['+Inf', Number.POSITIVE_INFINITY],
  ['-Inf', Number.NEGATIVE_INFINITY],
]);

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  /** NaN where Prometheus says so; infinities as they are. */
  readonly value: number;
}

/** What an instant query answered. */
export interface QueryResult {
  /** How many series. A scalar is one, without labels. */
  readonly series: number;
  /** The first of them. */
  readonly samples: readonly Sample[];
  /** What Prometheus has to say against the query, or of an answer that is not whole. */
  readonly warnings: readonly string[];
}

/** Reads an answer of Prometheus's API. @throws ProbeError for whatever Prometheus would not answer, or where it refused */
export function resultOf({ status, body }: Answer): QueryResult {
  if (status >= 300 && status < 400) throw malformed(`with a redirect (${status}), which is not followed`);
  const document = documentOf(status, body);
  if (status !== 200 || document['status'] !== 'success') throw refused(status, document);
  const { resultType, result } = objectOf(document['data'], 'without data');
  const warnings = textsOf(document['warnings']);
  if (!Array.isArray(result)) throw malformed('without a result');
  if (resultType === 'scalar') return { series: 1, samples: [{ labels: {}, value: valueOf(result) }], warnings };
  if (resultType !== 'vector') throw malformed(`a ${cut(String(resultType))}, and not a vector or a scalar`);
  return { series: result.length, samples: result.slice(0, MOST_SAMPLES).map(sampleOf), warnings };
}

function documentOf(status: number, body: Buffer): Record<string, unknown> {
  try {
    return objectOf(parseJsonBody(body), 'no object');
  } catch (error) {
    // An error page of whatever stands before Prometheus need not be JSON.
    if (status !== 200) throw malformed(String(status));
    throw error instanceof ProbeError ? error : malformed(`no JSON: ${(error as Error).message}`);
  }
}

function refused(status: number, { errorType, error }: Record<string, unknown>): ProbeError {
  const words = [errorType, error].filter((word) => typeof word === 'string').map(cut);
  return malformed([String(status), ...words].join(': '));
}

function sampleOf(series: unknown): Sample {
  const { metric, value, histogram } = objectOf(series, 'a series that is none');
  if (histogram !== undefined) throw malformed('a histogram, and not a number');
  if (!Array.isArray(value)) throw malformed('a series without a value');
  return { labels: labelsOf(metric), value: valueOf(value) };
}

function labelsOf(metric: unknown): Record<string, string> {
  const labels = Object.entries(objectOf(metric, 'a series without labels'));
  return Object.fromEntries(labels.map(([name, value]) => [cut(name), cut(String(value))]));
}

/** Of `[time, "value"]`. */
function valueOf(pair: readonly unknown[]): number {
  const [time, text] = pair;
  if (pair.length !== 2 || typeof time !== 'number' || typeof text !== 'string')
    throw malformed('a value that is none');
  const value = SPECIAL.get(text) ?? (NUMBER.test(text) ? Number(text) : null);
  if (value === null) throw malformed(`the value ${JSON.stringify(cut(text))}, which is no number`);
  return value;
}

function objectOf(value: unknown, otherwise: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed(otherwise);
  return value as Record<string, unknown>;
}

function textsOf(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  return value
    .filter((one) => typeof one === 'string')
    .slice(0, MOST_WARNINGS)
    .map(cut);
}

function malformed(what: string): ProbeError {
  return new ProbeError(`Prometheus answered ${what}`);
}

function cut(text: string): string {
  return text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)}…`.toWellFormed() : text;
}
