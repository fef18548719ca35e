import { Injectable } from '@nestjs/common';
import { RefusedTarget } from '../../../platform/probes/probe-targets.js';
import { httpCheck } from '../gates.dto.js';
import { type Condition, violations } from '../plan/condition.model.js';
import type { Cadence, CheckSpecification, Fault, GateSubject } from '../plan/gate-specification.model.js';
import { speaksOfHost } from '../plan/template.model.js';
import { type CheckType, CheckTypes, type Measure, type Measured, type Reading } from './check-types.js';
import { excerptOf, fieldsOf, isHttpField, isNumericField, shown } from './http-answer.js';
import { type HttpAnswer, HttpProbe, ProbeFailure } from './http-probe.js';
import { ProbeUrls, urlFor } from './probe-urls.js';

/** Asks a URL and judges its answer. The probed service is the defendant: whatever goes wrong on the way is a `fail`, unless Plimsoll did not go. */
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

  isNumeric(field: string): boolean {
    return isNumericField(field);
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
        return judged(await this.probe.get(url, check.timeoutMs), check.expect);
      } catch (error) {
        if (error instanceof ProbeFailure) return without('fail', error.message);
        if (error instanceof RefusedTarget) return without('error', error.message);
        throw error;
      }
    };
  }
}

function judged(answer: HttpAnswer, expect: readonly Condition[]): Reading {
  const violated = violations(expect, fieldsOf(answer));
  if (violated.length === 0) return { outcome: 'pass', value: answer.durationMs, detail: null };
  const told = violated.map(({ condition: { field, op, value }, actual }) => {
    return `${field} was ${shown(field, actual)}, expected ${op} ${JSON.stringify(value)}`;
  });
  const excerpt = excerptOf(answer);
  return {
    outcome: 'fail',
    value: answer.durationMs,
    detail: [told.join('; '), excerpt === null ? '' : `; the body: ${excerpt}`].join(''),
  };
}

/** What is read where there is no answer. */
function without(outcome: 'fail' | 'error', detail: string): Reading {
  return { outcome, value: null, detail };
}

function templateOf({ url }: CheckSpecification): string {
  return typeof url === 'string' ? url : '';
}
