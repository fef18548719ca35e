import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '../../../platform/database/database.js';
import { PeriodicJobs } from '../../../platform/jobs/periodic-jobs.js';
import {
  deadlineOf,
  type DeploymentEvent,
  HEARTBEAT_LEASE_MS,
  HOLD_TIMEOUT_MS,
  type Holding,
  type Outage,
  type Reason,
  runsSince,
} from '../deployment.model.js';
import { DeploymentsReader } from '../deployments.reader.js';
import { Outages } from '../slots/outages.js';
import { SlotLedger } from '../slots/slot-ledger.js';
import { DeploymentLifecycle } from './deployment-lifecycle.js';

const SWEEP_EVERY_MS = 2000;

// No limit: there is at most one of each in a slot, and those that cannot be helped now must not hide the others.
const SILENT = `
  select id, state, started_at as "startedAt", heartbeat_at as "heartbeatAt", held_at as "heldAt" from deployments
  where (state = 'in_progress' and coalesce(heartbeat_at, started_at) <= $1)
    or (state = 'on_hold' and held_at <= $2)
  order by created_at`;

const WAITING = `
  select q.slot_id as "slotId" from deployments q
  where q.state = 'queued' and not exists (
    select from deployments a where a.slot_id = q.slot_id and a.state in ('in_progress', 'verifying', 'on_hold'))
  order by q.created_at`;

type Silent = Holding & { readonly id: string };

const TIMEOUTS: Record<'in_progress' | 'on_hold', { event: DeploymentEvent; reason: Reason }> = {
  in_progress: {
    event: 'lease-expired',
    reason: { code: 'lease-expired', detail: `No heartbeat for ${HEARTBEAT_LEASE_MS / 60_000} minutes.` },
  },
  on_hold: {
    event: 'hold-timeout',
    reason: { code: 'hold-timeout', detail: `Nobody decided for ${HOLD_TIMEOUT_MS / 60_000} minutes.` },
  },
};

/**
 * What happens to deployments because time has passed: leases run out, holds end, freezes end over a queue. Every
 * instance sweeps; the locks and the state table make sure that each thing happens once.
 */
@Injectable()
export class DeploymentDeadlines {
  private readonly log = new Logger('DeploymentDeadlines');

  constructor(
    private readonly database: Database,
    private readonly lifecycle: DeploymentLifecycle,
    private readonly ledger: SlotLedger,
    private readonly reader: DeploymentsReader,
    private readonly outages: Outages,
    jobs: PeriodicJobs,
  ) {
    jobs.every('deployment-deadlines', SWEEP_EVERY_MS, () => this.sweep());
  }

  /** Does everything that is due now. One thing that fails does not keep the others from happening. */
  async sweep(): Promise<void> {
    const now = await this.outages.note();
    for (const { id } of await this.overdue(now)) await this.attempt(id, (tx) => this.expire(tx, id, now));
    const waiting = await this.database.read((handle) => handle.query<{ slotId: string }[]>(WAITING));
    for (const { slotId } of waiting) await this.attempt(slotId, (tx) => this.startQueued(tx, slotId));
  }

  private async overdue(now: Date): Promise<Silent[]> {
    const [lease, hold] = [HEARTBEAT_LEASE_MS, HOLD_TIMEOUT_MS].map((ms) => new Date(now.getTime() - ms));
    const silent = await this.database.read((handle) => handle.query<Silent[]>(SILENT, [lease, hold]));
    const times = silent.flatMap((deployment) => runsSince(deployment)?.getTime() ?? []);
    if (times.length === 0) return [];
    const earliest = new Date(times.reduce((a, b) => Math.min(a, b)));
    const outages = await this.database.read((handle) => this.outages.after(handle, earliest));
    return silent.filter((deployment) => isOver(deployment, outages, now));
  }

  private async attempt(subject: string, work: (tx: EntityManager) => Promise<void>): Promise<void> {
    try {
      await this.database.transaction(work);
    } catch (error) {
      this.log.warn({ msg: 'A deadline was not acted on; the next sweep will.', err: error, subject });
    }
  }

  /** Judged again under the lock: a heartbeat or a decision may have come since. */
  private async expire(tx: EntityManager, id: string, now: Date): Promise<void> {
    const held = await this.lifecycle.hold(tx, id);
    const { state } = held.deployment;
    if (state !== 'in_progress' && state !== 'on_hold') return;
    const since = runsSince(held.deployment);
    if (!since || !isOver(held.deployment, await this.outages.after(tx, since), now)) return;
    const { event, reason } = TIMEOUTS[state];
    // Nobody says how far a silent deployer got.
    if (state === 'in_progress') held.deployment.hostsChanged = true;
    await this.lifecycle.apply(tx, held, event, [reason], null);
  }

  private async startQueued(tx: EntityManager, slotId: string): Promise<void> {
    const slot = await this.ledger.lock(tx, slotId);
    if (!(await this.reader.holder(tx, slotId))) await this.lifecycle.startNext(tx, slot);
  }
}

/** Whether it has run out by the time up to which outages are known. */
function isOver(deployment: Holding, outages: readonly Outage[], now: Date): boolean {
  const deadline = deadlineOf(deployment, null, outages);
  return deadline !== null && deadline <= now;
}
