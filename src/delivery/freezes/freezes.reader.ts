import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../platform/clock.js';
import { DomainError } from '../../platform/http/problems/domain-error.js';
import type { Tier } from '../catalog/catalog.reader.js';
import type { FreezeView } from './freezes.dto.js';
import { freezesErrors } from './freezes.errors.js';

// Who asks passes the answer on, and the refusals with it.
export { type FreezeView, freezeView } from './freezes.dto.js';
export { freezesErrors } from './freezes.errors.js';

export type FreezeReason = FreezeView['reasons'][number];

/** What was judged when a deployment started, kept with it. */
export interface FreezeDecision {
  readonly frozen: boolean;
  readonly known: boolean;
  readonly override: { readonly actor: string; readonly reason: string } | null;
  readonly at: string;
}

export interface FreezeSubject {
  /** Null asks about the environment as a whole. */
  readonly service: string | null;
  readonly environment: string;
  readonly tier: Tier;
}

/** Something that can freeze deployments: a flag, a calendar. Answers from what it knows, quickly. */
export interface FreezeSource {
  judge(handle: EntityManager, subject: FreezeSubject, at: Date): Promise<{ known: boolean; reasons: FreezeReason[] }>;
}

@Injectable()
export class FreezesReader {
  private readonly log = new Logger('Freezes');
  private readonly sources: FreezeSource[] = [];

  constructor(private readonly clock: Clock) {}

  register(source: FreezeSource): void {
    this.sources.push(source);
  }

  /** Whether new deployments may start now, all sources taken together. `known` is false where one could not be asked. */
  async judge(handle: EntityManager, subject: FreezeSubject): Promise<FreezeView> {
    const found: { known: boolean; reasons: FreezeReason[] }[] = [];
    for (const source of this.sources) found.push(await source.judge(handle, subject, this.clock.now()));
    const reasons = found.flatMap((answer) => answer.reasons);
    return { frozen: reasons.length > 0, known: found.every((answer) => answer.known), reasons };
  }

  /**
   * The decision to keep with a deployment that may start.
   * @throws DomainError `frozen`; in production also `freeze-unknown`
   */
  async decide(
    handle: EntityManager,
    subject: FreezeSubject,
    override: FreezeDecision['override'],
  ): Promise<FreezeDecision> {
    const freeze = await this.judge(handle, subject);
    const decision = { frozen: freeze.frozen, known: freeze.known, override, at: this.clock.now().toISOString() };
    if (override) return decision;
    if (freeze.frozen) throw frozen(freeze);
    if (freeze.known) return decision;
    if (subject.tier === 'production') throw freezeUnknown();
    this.log.warn(`Deploying to ${subject.environment} without knowing whether it is frozen.`);
    return decision;
  }
}

function frozen(freeze: FreezeView): DomainError {
  const why = freeze.reasons.map(({ reason }) => reason).join('; ');
  return new DomainError(
    freezesErrors.frozen,
    `No new deployment starts now: ${why}. Wait for the end, or have an operator override it with a reason.`,
    { freeze },
  );
}

function freezeUnknown(): DomainError {
  return new DomainError(
    freezesErrors.freezeUnknown,
    'Whether this environment is frozen cannot be known now. Try again, or have an operator override it with a reason.',
  );
}
