import { Injectable } from '@nestjs/common';
import { ProbeError } from '../../../platform/probes/probe-error.js';
import { RefusedTarget } from '../../../platform/probes/probe-targets.js';
import type { GatedRelease } from '../gate-run.model.js';
import { type GatePlan, IDENTITY_TIMEOUT_MS, type PlannedHost, type PlannedIdentity } from '../plan/gate-plan.model.js';
import { fieldsOf, shown } from './http-answer.js';
import { HttpProbe } from './http-probe.js';
import { ProbeFailure } from './probe-failures.js';
import { type TemplateContext, urlFor } from './probe-urls.js';

export interface Sighting {
  /** Whether the host runs the expected release, by digest or git commit; null if that is not known. */
  readonly isExpected: boolean | null;
  /** Whether Plimsoll tried to ask and could not: through its own fault, or because the name was not resolved. */
  readonly isOwnFault?: boolean;
  /** The digest of the release that the host reports, if it reported one. */
  readonly digest?: string | null;
  readonly detail: string;
}

/**
 * Asks a host once which release it runs. Only the field counts, not the status: a host may report its release before
 * it is ready.
 */
export type Look = () => Promise<Sighting>;

@Injectable()
export class IdentityProbe {
  constructor(private readonly probe: HttpProbe) {}

  prepare(plan: GatePlan, host: PlannedHost): Look {
    const { identity, release } = plan;
    if (!identity) return async () => ({ isExpected: null, detail: 'the gate has no identity' });
    return async () => {
      try {
        const value = await this.read(identity, plan, host);
        const digest = digestOf(value, release);
        return {
          isExpected: digest === release.digest,
          digest,
          detail: `${identity.field} was ${shown(identity.field, value)}, expected ${release.digest}`,
        };
      } catch (error) {
        if (error instanceof ProbeFailure) return { isExpected: false, detail: error.message };
        const detail = error instanceof ProbeError ? error.message : `Plimsoll could not ask: ${String(error)}`;
        return { isExpected: null, isOwnFault: !(error instanceof RefusedTarget), detail };
      }
    };
  }

  /** What the host says, whatever that is. @throws ProbeFailure, which speaks against the host; ProbeError, which does not */
  async read(
    { url, field }: Pick<PlannedIdentity, 'url' | 'field'>,
    context: TemplateContext,
    host: PlannedHost,
  ): Promise<unknown> {
    const target = urlFor(url, context, host);
    if (!target) throw new RefusedTarget('the URL of the identity is none');
    return fieldsOf(await this.probe.get(target, IDENTITY_TIMEOUT_MS, context))(field);
  }
}

/**
 * The digest that a host reports. A git commit counts as the digest of the expected release if it is that release's
 * commit.
 */
function digestOf(value: unknown, release: GatedRelease): string | null {
  if (value === release.gitSha) return release.digest;
  return typeof value === 'string' && /^sha256:[0-9a-f]{64}$/.test(value) ? value : null;
}
