import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../platform/clock.js';
import { DomainError } from '../../platform/http/problems/domain-error.js';
import type { Tier } from '../catalog/catalog.reader.js';
import type { Keyset } from '../../platform/http/page.js';
import { FreezeEntity } from './freeze.entity.js';
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

export interface FreezeAnswer {
  readonly known: boolean;
  readonly reasons: FreezeReason[];
  /** When nothing of this source holds any more; left out where nobody knows. */
  readonly nextOpen?: Date | null;
}

/** Something that can freeze deployments: a flag, a calendar. Answers from what it knows, quickly. */
export interface FreezeSource {
  judge(handle: EntityManager, subject: FreezeSubject, at: Date): Promise<FreezeAnswer>;
}

/** Those that hold for an environment or a service, if only one is asked for. */
export interface FreezeFilter {
  readonly environment?: string | undefined;
  readonly service?: string | undefined;
}

const LOCK = `hashtextextended('freezes', 0)`;

/**
 * Whoever starts a deployment shares this lock until that is committed, and whoever plans a freeze has it alone: once a
 * freeze is planned, nothing starts that was judged without it.
 */
const freezesLock = {
  share: `select pg_advisory_xact_lock_shared(${LOCK})`,
  own: `select pg_advisory_xact_lock(${LOCK})`,
};

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
    const at = this.clock.now();
    const found: FreezeAnswer[] = [];
    for (const source of this.sources) found.push(await source.judge(handle, subject, at));
    const reasons = found.flatMap((answer) => answer.reasons);
    const known = found.every((answer) => answer.known);
    return { frozen: reasons.length > 0, known, nextOpen: nextOpenOf(found), reasons };
  }

  /** Keeps everybody else from planning a freeze, and from starting a deployment, until this transaction ends. */
  async lock(tx: EntityManager): Promise<void> {
    await tx.query(freezesLock.own);
  }

  /** The planned freezes that hold for the subject, now or later. */
  async notOver(handle: EntityManager, { environment, service }: FreezeSubject, at: Date): Promise<FreezeEntity[]> {
    return handle
      .getRepository(FreezeEntity)
      .createQueryBuilder('f')
      .where('(f.weekly is not null or f.endsAt > :at)', { at })
      .andWhere('(f.environment is null or f.environment = :environment)', { environment })
      .andWhere('(f.service is null or f.service = :service)', { service })
      .orderBy('f.id')
      .getMany();
  }

  /** The planned freezes, newest first; one more than `limit`, so that the page knows whether there is a next one. */
  async list(
    handle: EntityManager,
    { environment, service }: FreezeFilter,
    after: Keyset | null,
    limit: number,
  ): Promise<FreezeEntity[]> {
    const query = handle.getRepository(FreezeEntity).createQueryBuilder('f');
    if (environment) query.andWhere('(f.environment is null or f.environment = :environment)', { environment });
    if (service) query.andWhere('(f.service is null or f.service = :service)', { service });
    if (after) query.andWhere('(f.createdAt, f.id) < (:createdAt, :id)', { ...after });
    return query
      .orderBy('f.createdAt', 'DESC')
      .addOrderBy('f.id', 'DESC')
      .limit(limit + 1)
      .getMany();
  }

  /**
   * The decision to keep with a deployment that may start. From then on until the transaction ends no freeze is planned.
   * @throws DomainError `frozen`; in production also `freeze-unknown`
   */
  async decide(
    handle: EntityManager,
    subject: FreezeSubject,
    override: FreezeDecision['override'],
  ): Promise<FreezeDecision> {
    await handle.query(freezesLock.share);
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

/** Null where nothing is frozen, and where the end of anything that holds is not known; else the last of the ends. */
function nextOpenOf(answers: readonly FreezeAnswer[]): string | null {
  const ends = answers.filter(({ reasons }) => reasons.length > 0).map((answer) => answer.nextOpen ?? null);
  const known = ends.filter((end) => end !== null);
  if (known.length === 0 || known.length < ends.length) return null;
  return new Date(Math.max(...known.map((end) => end.getTime()))).toISOString();
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
