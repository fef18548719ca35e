import { Injectable } from '@nestjs/common';
import { IdentityProbe } from './checks/identity-probe.js';
import { ProbeFailure } from './checks/probe-failures.js';
import type { GatedRelease } from './gate-run.model.js';
import type { PlannedHost } from './plan/gate-plan.model.js';
import type { IdentitySpecification } from './plan/gate-specification.model.js';
import { speaksOfRelease } from './plan/template.model.js';
import { Party, Turnstile } from './schedule/turnstile.js';

export type { IdentitySpecification } from './plan/gate-specification.model.js';

/**
 * Limits of parallel requests, in total and per slot. A hundred hosts without an answer take about 10 s and delay no
 * other slot.
 */
const ASKED_AT_ONCE = 256;
const ASKED_AT_ONCE_OF_A_SLOT = 32;

const NO_RELEASE = { digest: '', gitSha: '', version: '' };

/** The slot whose hosts are asked. */
export interface AskedSlot {
  readonly service: string;
  readonly environment: string;
  readonly hosts: readonly PlannedHost[];
  /** The running release. */
  readonly release: GatedRelease | null;
}

/** What a host said, or who is at fault if it said nothing. */
export type Said =
  | { readonly host: string; readonly kind: 'answered'; readonly value: unknown }
  | { readonly host: string; readonly kind: 'failed' | 'error' };

/** Asks hosts which release they run, through the identity of their gate, whether or not a gate runs. */
@Injectable()
export class IdentitiesReader {
  private readonly turnstile = new Turnstile(ASKED_AT_ONCE, ASKED_AT_ONCE_OF_A_SLOT);

  constructor(private readonly probe: IdentityProbe) {}

  /** Asks each host once. Hosts that were not asked before the signal aborts are missing from the result. */
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
