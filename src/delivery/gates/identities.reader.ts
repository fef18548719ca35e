import { Injectable } from '@nestjs/common';
import { IdentityProbe } from './checks/identity-probe.js';
import { ProbeFailure } from './checks/probe-failures.js';
import type { GatedRelease } from './gate-run.model.js';
import type { PlannedHost } from './plan/gate-plan.model.js';
import type { IdentitySpecification } from './plan/gate-specification.model.js';
import { speaksOfRelease } from './plan/template.model.js';
import { Party, Turnstile } from './schedule/turnstile.js';

export type { IdentitySpecification } from './plan/gate-specification.model.js';

/** At once, in all and of one slot: a hundred hosts that do not answer take some 10 s, and nobody else's turn. */
const ASKED_AT_ONCE = 256;
const ASKED_AT_ONCE_OF_A_SLOT = 32;

const NO_RELEASE = { digest: '', gitSha: '', version: '' };

/** Whose hosts are asked. */
export interface AskedSlot {
  readonly service: string;
  readonly environment: string;
  readonly hosts: readonly PlannedHost[];
  /** What is known to run there. */
  readonly release: GatedRelease | null;
}

/** What a host said, or whose fault it is that it said nothing. */
export type Said =
  | { readonly host: string; readonly kind: 'answered'; readonly value: unknown }
  | { readonly host: string; readonly kind: 'failed' | 'error' };

/** Asks hosts which release they run, as the identity of their gate says it, whether a gate runs or not. */
@Injectable()
export class IdentitiesReader {
  private readonly turnstile = new Turnstile(ASKED_AT_ONCE, ASKED_AT_ONCE_OF_A_SLOT);

  constructor(private readonly probe: IdentityProbe) {}

  /** Each host once. Those whose turn had not come when the signal aborts are not in the answer. */
  async ask(slot: AskedSlot, identity: IdentitySpecification, signal: AbortSignal): Promise<Said[]> {
    if (slot.release === null && speaksOfRelease(identity.url)) return [];
    const party = new Party();
    const context = { ...slot, release: slot.release ?? NO_RELEASE };
    const said = slot.hosts.map((host) =>
      this.turnstile.pass(party, async (): Promise<Said[]> => {
        if (signal.aborted) return [];
        try {
          return [{ host: host.name, kind: 'answered', value: await this.probe.read(identity, context, host) }];
        } catch (error) {
          return [{ host: host.name, kind: error instanceof ProbeFailure ? 'failed' : 'error' }];
        }
      }),
    );
    return (await Promise.all(said)).flat();
  }
}
