import { Injectable } from '@nestjs/common';
import { ProbeError } from '../../../platform/probes/probe-error.js';
import { Prometheus } from '../../../platform/prometheus/prometheus.js';
import type { QueryResult } from '../../../platform/prometheus/query-result.js';
import { prometheusCheck } from '../gates.dto.js';
import { violations } from '../plan/condition.model.js';
import type { GatePlan, PlannedCheck, PlannedHost } from '../plan/gate-plan.model.js';
import type { AtOnce, Cadence, CheckSpecification, Fault } from '../plan/gate-specification.model.js';
import { speaksOfHost, type TemplateValues } from '../plan/template.model.js';
import { type CheckType, CheckTypes, type Measure, type Measured, type Reading } from './check-types.js';
import { cut, shown } from './http-answer.js';
import { queryTemplate } from './promql-template.model.js';
import { redacted } from './redaction.model.js';

const VALUE = 'value';
const DEFAULT_AT_LEAST = 20;
const MAX_TOLD = 2000;

/** The rendered queries of a check; null if it has no such query. */
interface Queries {
  readonly value: string;
  readonly requests: { readonly query: string; readonly atLeast: number } | null;
}

/** What one measurement has read so far. */
interface Read {
  query: string;
  at: string;
  series?: number;
  value?: number | string;
  samples?: readonly { labels: Readonly<Record<string, string>>; value: number | string }[];
  requests?: number | string | null;
  warnings?: readonly string[];
}

/**
 * Sends an instant query to Prometheus and judges its single value. Every fault of Prometheus is an `error`. A query
 * that was not sent in time is sent later, for its own instant. The type is available if Prometheus is configured.
 */
@Injectable()
export class PrometheusCheck implements CheckType {
  readonly type = 'prometheus';
  readonly isWitness = true;
  readonly whenLate = 'measured';
  readonly schema = prometheusCheck;
  /** Prometheus evaluates 20 queries at once by default, and has other clients. */
  readonly atOnce: AtOnce = { all: 16, ofRun: 8 };

  constructor(
    private readonly prometheus: Prometheus,
    types: CheckTypes,
  ) {
    if (prometheus.isConfigured) types.register(this);
  }

  cadence(bakeSeconds: number): Cadence {
    return { initialDelaySeconds: Math.min(60, bakeSeconds / 2), intervalSeconds: 30, timeoutSeconds: 10 };
  }

  isPerHost(check: CheckSpecification): boolean {
    return templatesOf(check).some(({ template }) => speaksOfHost(template));
  }

  hasField(field: string): boolean {
    return field === VALUE;
  }

  rangeOf() {
    return { least: Number.NEGATIVE_INFINITY, most: Number.POSITIVE_INFINITY, isWhole: false };
  }

  faultsOf(check: CheckSpecification): Fault[] {
    return templatesOf(check).flatMap(({ pointer, template }) => {
      const { fault } = queryTemplate(template);
      return fault === null ? [] : [{ pointer, detail: fault }];
    });
  }

  prepare({ plan, check, host }: Measured): Measure {
    const queries = queriesOf(check.specification, plan, host);
    if (!queries) return async () => without('error', 'the query of the check cannot be rendered safely');
    return (dueAt) => this.measure(check, queries, dueAt);
  }

  private async measure(check: PlannedCheck, { value, requests }: Queries, at: Date): Promise<Reading> {
    const read: Read = { query: value, at: at.toISOString() };
    const until = performance.now() + check.timeoutMs;
    const ask = (query: string): Promise<QueryResult> =>
      this.prometheus.query({ query, at, timeoutMs: Math.max(1, Math.round(until - performance.now())) });
    const judge = async (): Promise<Reading> => {
      const shortage = requests && shortageOf(await ask(requests.query), requests.atLeast, read);
      if (shortage) return shortage;
      const result = await ask(value);
      noteResult(read, result);
      const found = oneValueOf(result, 'the query');
      return typeof found === 'number' ? judged(check, found) : found;
    };
    const reading = await judge().catch((error: unknown) => {
      if (error instanceof ProbeError) return without('error', error.message);
      throw error;
    });
    return { ...reading, read: () => ({ ...read }) };
  }
}

/** For several series, each label set with its value; otherwise the one value, or why there is none. */
function oneValueOf({ series, samples }: QueryResult, what: string): number | Reading {
  const [sample] = samples;
  if (!sample) return without('no_data', `${what} answered no series`);
  if (series > 1) {
    const told = samples.map(({ labels, value }) => `${JSON.stringify(labels)} ${worded(value)}`).join('; ');
    return without('error', `${what} answered ${series} series and has to answer one: ${told}`);
  }
  return Number.isNaN(sample.value) ? without('no_data', `${what} answered NaN`) : sample.value;
}

/** The result of a measurement without enough requests; null if there were enough. */
function shortageOf(result: QueryResult, atLeast: number, read: Read): Reading | null {
  const found = oneValueOf(result, 'the query of minRequests');
  if (typeof found !== 'number') {
    read.requests = null;
    return found;
  }
  read.requests = worded(found);
  return found >= atLeast ? null : without('no_data', `${worded(found)} requests, ${atLeast} are needed`);
}

function judged({ expect }: PlannedCheck, value: number): Reading {
  const violated = violations(expect, (field) => (field === VALUE ? value : undefined));
  const told = violated.map(({ condition: { op, value: expected } }) => `expected ${op} ${shown(VALUE, expected)}`);
  const detail = `value was ${worded(value)}`;
  // JSON has no infinities, so the text names them.
  if (violated.length === 0) return { outcome: 'pass', value, detail: Number.isFinite(value) ? null : detail };
  return { outcome: 'fail', value, detail: cut([detail, ...told].join(', '), MAX_TOLD) };
}

function noteResult(read: Read, { series, samples, warnings }: QueryResult): void {
  read.series = series;
  const [sample] = samples;
  if (series === 1 && sample) read.value = worded(sample.value);
  else read.samples = samples.map(({ labels, value }) => ({ labels, value: worded(value) }));
  if (warnings.length > 0) read.warnings = warnings;
}

/** A finite number, or the name of an infinity. */
function worded(value: number): number | string {
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}

function without(outcome: 'no_data' | 'error', detail: string): Reading {
  return { outcome, value: null, detail: cut(redacted(detail), MAX_TOLD) };
}

function queriesOf(check: CheckSpecification, plan: GatePlan, host: PlannedHost | null): Queries | null {
  const values = valuesFor(plan, host);
  const [value = null, requests = null] = templatesOf(check).map(({ template }) => {
    const compiled = queryTemplate(template);
    return compiled.fault === null ? compiled.render(values) : null;
  });
  const asked = minRequestsOf(check);
  if (value === null || (asked && requests === null)) return null;
  return {
    value,
    requests: requests === null ? null : { query: requests, atLeast: asked?.atLeast ?? DEFAULT_AT_LEAST },
  };
}

function templatesOf(check: CheckSpecification): { pointer: string; template: string }[] {
  const { query } = check;
  const requests = minRequestsOf(check);
  return [
    { pointer: '/query', template: typeof query === 'string' ? query : '' },
    ...(requests ? [{ pointer: '/minRequests/query', template: requests.query }] : []),
  ];
}

/** As the schema parsed it. */
function minRequestsOf({ minRequests }: CheckSpecification): { query: string; atLeast?: number } | undefined {
  return minRequests as { query: string; atLeast?: number } | undefined;
}

function valuesFor({ service, environment, release }: GatePlan, host: PlannedHost | null): TemplateValues {
  return {
    'host.name': host?.name ?? '',
    'host.url': '',
    'release.digest': release.digest,
    'release.gitSha': release.gitSha,
    'release.version': release.version,
    service,
    environment,
  };
}
