import { Injectable } from '@nestjs/common';
import { RefusedTarget } from '../../../platform/probes/probe-targets.js';
import { type GatePlan, IDENTITY_TIMEOUT_MS, type PlannedHost } from '../plan/gate-plan.model.js';
import { fieldsOf, shown } from './http-answer.js';
import { HttpProbe, ProbeFailure } from './http-probe.js';
import { urlFor } from './probe-urls.js';

export interface Sighting {
  /** Whether the host runs the expected release, by its digest or its git commit; null where Plimsoll did not ask it. */
  readonly isExpected: boolean | null;
  readonly detail: string;
}

/** Asks a host once which release it runs. The field decides; a host may well say it before it is ready to serve. */
export type Look = () => Promise<Sighting>;

@Injectable()
export class IdentityProbe {
  constructor(private readonly probe: HttpProbe) {}

  prepare(plan: GatePlan, host: PlannedHost): Look {
    const { identity, release } = plan;
    const url = identity && urlFor(identity.url, plan, host);
    if (!identity || !url) return async () => ({ isExpected: null, detail: 'the URL of the identity is none' });
    return async () => {
      try {
        const value = fieldsOf(await this.probe.get(url, IDENTITY_TIMEOUT_MS))(identity.field);
        const isExpected = value === release.digest || value === release.gitSha;
        return {
          isExpected,
          detail: `${identity.field} was ${shown(identity.field, value)}, expected ${release.digest}`,
        };
      } catch (error) {
        if (error instanceof ProbeFailure) return { isExpected: false, detail: error.message };
        if (error instanceof RefusedTarget) return { isExpected: null, detail: error.message };
        throw error;
      }
    };
  }
}
