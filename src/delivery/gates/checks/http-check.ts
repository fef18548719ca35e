import { Injectable } from '@nestjs/common';
import { ProbeError } from '../../../platform/probes/probe-error.js';
import { httpCheck } from '../gates.dto.js';
import { type Condition, violations } from '../plan/condition.model.js';
import type { Cadence, CheckSpecification, Fault, GateSubject } from '../plan/gate-specification.model.js';
import type { NumericRange } from '../plan/numeric-range.model.js';
import { speaksOfHost } from '../plan/template.model.js';
import { type CheckType, CheckTypes, type Measure, type Measured, type Reading } from './check-types.js';
import { cut, excerptOf, fieldsOf, isHttpField, rangeOfField, shown, toldOf } from './http-answer.js';
import type { HttpAnswer } from './http-exchange.js';
import { HttpProbe } from './http-probe.js';
import { ProbeFailure, stoodStill } from './probe-failures.js';
import { ProbeUrls, urlFor } from './probe-urls.js';

/** A check may have 50 conditions, each with a list of long values. */
const MAX_TOLD = 2000;

/**
 * Requests a URL and judges the answer. Every failure is a `fail` of the probed service, unless Plimsoll did not ask or
 * could not ask.
 */
@Injectable()
export class HttpCheck implements CheckType {
  readonly type = 'http';
  readonly isWitness = false;
  readonly whenLate = 'missed';
  readonly schema = httpCheck;

  constructor(
    private readonly probe: HttpProbe,
    private readonly urls: ProbeUrls,
    types: CheckTypes,
  ) {
    types.register(this);
  }

  cadence(): Cadence {
    return { initialDelaySeconds: 0, intervalSeconds: 15, timeoutSeconds: 5 };
  }

  isPerHost(check: CheckSpecification): boolean {
    return speaksOfHost(templateOf(check));
  }

  hasField(field: string): boolean {
    return isHttpField(field);
  }

  rangeOf(field: string): NumericRange | null {
    return rangeOfField(field);
  }

  faultsOf(check: CheckSpecification, subject: GateSubject): Fault[] {
    const fault = this.urls.faultOf(templateOf(check), subject);
    return fault === null ? [] : [{ pointer: '/url', detail: fault }];
  }

  prepare({ plan, check, host }: Measured): Measure {
    const url = urlFor(templateOf(check.specification), plan, host);
    if (!url) return async () => without('error', 'the URL of the check is none');
    return async () => {
      try {
        const answer = await this.probe.get(url, check.timeoutMs, plan);
        const fields = check.expect.map(({ field }) => field);
        return { ...judged(answer, check.expect), read: () => ({ url: url.href, ...toldOf(answer, fields) }) };
      } catch (error) {
        if (error instanceof ProbeFailure) return without('fail', error.message);
        if (error instanceof ProbeError) return without('error', error.message);
        throw error;
      }
    };
  }
}

function judged(answer: HttpAnswer, expect: readonly Condition[]): Reading {
  const { durationMs, ownDelayMs } = answer;
  const read = fieldsOf(answer);
  const violated = violations(expect, read);
  // The answer may have taken longer by up to the time for which Plimsoll was stalled.
  const mostMs = durationMs + ownDelayMs;
  const isLongest = violations(expect, (field) => (field === 'durationMs' ? mostMs : read(field))).length > 0;
  if (violated.length > 0 !== isLongest) {
    return without('error', stoodStill(ownDelayMs, `durationMs was between ${durationMs} and ${mostMs}`).message);
  }
  if (violated.length === 0) return { outcome: 'pass', value: durationMs, detail: null };
  const told = violated.map(({ condition: { field, op, value }, actual }) => {
    return `${field} was ${shown(field, actual)}, expected ${op} ${shown(field, value)}`;
  });
  const excerpt = excerptOf(answer);
  return {
    outcome: 'fail',
    value: durationMs,
    detail: [cut(told.join('; '), MAX_TOLD), excerpt === null ? '' : `; the body: ${excerpt}`].join(''),
  };
}

/** What is reported if there is no answer. */
function without(outcome: 'fail' | 'error', detail: string): Reading {
  return { outcome, value: null, detail };
}

function templateOf({ url }: CheckSpecification): string {
  return typeof url === 'string' ? url : '';
}
