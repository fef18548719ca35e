import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { hasNoIncident } from '../../incidents/incidents.reader.js';
import { ReleasesReader } from '../../releases/releases.reader.js';
import type { Running } from '../deployment.model.js';
import { SlotStateEntity } from './slot-state.entity.js';

/** SQL: whether no deployment of its release in its slot was marked bad or has an incident. */
export function isHeldGood(deployment: string): string {
  const { slot, release } = { slot: `${deployment}.slot_id`, release: `${deployment}.release_id` };
  return `not exists (select from deployments b where b.slot_id = ${slot} and b.release_id = ${release}
    and (b.bad or not (${hasNoIncident('b')})))`;
}

/**
 * SQL: `what` of the newest promoted deployment `d` of the slot that is held to be good; `r` is its release. By
 * fence: a slot's deployments end in the order of their fences, whatever the clocks of the instances say. What was
 * imported has none. It comes after the slot's own, and only what was imported before the slot had any.
 */
export function newestGood(slotId: string, what: string, condition = 'true'): string {
  const good = `from deployments d join releases r on r.id = d.release_id
    where d.slot_id = ${slotId} and d.state = 'promoted' and ${condition} and ${isHeldGood('d')}`;
  return `coalesce(
    (select ${what} ${good} and d.fence is not null order by d.fence desc limit 1),
    (select ${what} ${good} and d.leads order by coalesce(d.deployed_at, d.finished_at) desc, d.id desc limit 1))`;
}

const NEWEST_PROMOTED = `select ${newestGood('$1', 'd.release_id', 'd.release_id <> all ($2::uuid[])')} as id`;

/** SQL: whether the deployment `d` reached its hosts. The condition of the index `deployments_reached_hosts`, word for word. */
export const HAS_REACHED_HOSTS = `(d.deployed_at is not null or (d.state = 'failed' and d.hosts_changed is not false))`;

/** SQL: the fence of the slot's deployment that was reported as deployed last, 0 where none was. */
export const lastDeployedFence = (slotId: string): string =>
  `coalesce((select l.fence from deployments l where l.slot_id = ${slotId} and l.fence is not null
    and l.deployed_at is not null order by l.fence desc limit 1), 0)`;

/** What a slot runs, what it can go back to, and whose turn it is. */
@Injectable()
export class SlotLedger {
  constructor(private readonly releases: ReleasesReader) {}

  /** Locks the slot until the transaction ends: whoever changes its deployments does this first. */
  async lock(tx: EntityManager, slotId: string): Promise<SlotStateEntity> {
    const states = tx.getRepository(SlotStateEntity);
    const query = { where: { slotId }, lock: { mode: 'pessimistic_write' } } as const;
    const known = await states.findOne(query);
    if (known) return known;
    await tx.query(
      `insert into slot_states (slot_id, fence, sequence, running_release_state) values ($1, 0, 0, 'none') on conflict do nothing`,
      [slotId],
    );
    return states.findOneOrFail(query);
  }

  async keep(tx: EntityManager, slot: SlotStateEntity): Promise<void> {
    await tx.getRepository(SlotStateEntity).update({ slotId: slot.slotId }, slot);
  }

  async running(handle: EntityManager, slot: SlotStateEntity): Promise<Running> {
    const id = slot.runningReleaseId;
    const release = id === null ? undefined : (await this.releases.byIds(handle, [id])).get(id);
    return { state: slot.runningReleaseState, digest: release?.digest ?? null, sequenceKey: slot.runningSequenceKey };
  }

  /** The id of the newest promoted release of the slot that nobody marked bad and no incident is attributed to, these left out. */
  async lastKnownGood(
    handle: EntityManager,
    slotId: string,
    leftOut: readonly (string | null)[],
  ): Promise<string | null> {
    const without = leftOut.filter((id) => id !== null);
    const rows = await handle.query<{ id: string | null }[]>(NEWEST_PROMOTED, [slotId, without]);
    return rows[0]?.id ?? null;
  }
}

/** From now on nobody can say what the slot runs, until a deployment reports that it put a release there. */
export function forgetRunning(slot: SlotStateEntity): void {
  Object.assign(slot, { runningReleaseId: null, runningReleaseState: 'unknown', runningSequenceKey: null });
}

export function setRunning(slot: SlotStateEntity, releaseId: string, sequenceKey: Date | null): void {
  Object.assign(slot, { runningReleaseId: releaseId, runningReleaseState: 'known', runningSequenceKey: sequenceKey });
}
