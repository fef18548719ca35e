import { randomUUIDv7 } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.js';
import { lastDeployedFence, SlotLedger } from './slot-ledger.js';

/** Hosts that drift, by the rule of the slot itself, of the slots that they still belong to. */
const driftingHosts = (condition: string): string => `
  from host_observations o
    join slots s on s.id = o.slot_id
    join slot_states st on st.slot_id = s.id
    join releases r on r.id = st.running_release_id
  where o.digest <> r.digest and o.fence >= ${lastDeployedFence('s.id')}
    and not exists (select from deployments a where a.slot_id = s.id and a.state = 'in_progress')
    and exists (select from json_array_elements(s.hosts) h where h ->> 'name' = o.host) and ${condition}`;

/** Every slot that drifts, or of which it was told that it does. */
const LOOK = `
  select coalesce(d.slot_id, told.slot_id) as "slotId", d.slot_id is not null as drifts, told.slot_id is not null as told
  from (select distinct o.slot_id ${driftingHosts('true')}) d full join slot_drifts told on told.slot_id = d.slot_id`;

const HOSTS_OF = `
  select o.host, o.digest as "observedDigest", r.digest as "runningDigest" ${driftingHosts('o.slot_id = $1')}
  order by o.host`;

const BEGIN = 'insert into slot_drifts (slot_id, since) values ($1, $2) on conflict do nothing returning slot_id';
const END = 'delete from slot_drifts where slot_id = $1 returning slot_id';
const APPEND = 'insert into events (id, slot_id, type, data, created_at) values ($1, $2, $3, $4, $5)';

interface Looked {
  readonly slotId: string;
  readonly drifts: boolean;
  readonly told: boolean;
}

/** Tells of drift in the outbox, once when it begins in a slot and once when it ends there. */
@Injectable()
export class Drifts {
  constructor(
    private readonly database: Database,
    private readonly ledger: SlotLedger,
    private readonly clock: Clock,
  ) {}

  /** Tells of every slot in which drift began or ended since it was last told; the number of slots that drift now. */
  async settle(): Promise<number> {
    const looked = await this.database.query<Looked>('slots-drifting', LOOK, []);
    for (const { slotId } of looked.filter(({ drifts, told }) => drifts !== told)) {
      await this.database.transaction((tx) => this.tell(tx, slotId));
    }
    return looked.filter(({ drifts }) => drifts).length;
  }

  /** Judged again under the lock of the slot: another instance may have told of it, or a deployment have begun. */
  private async tell(tx: EntityManager, slotId: string): Promise<void> {
    await this.ledger.lock(tx, slotId);
    const hosts = await tx.query<object[]>(HOSTS_OF, [slotId]);
    const now = this.clock.now();
    const hasChanged =
      hosts.length > 0
        ? (await tx.query<unknown[]>(BEGIN, [slotId, now])).length > 0
        : (await tx.query<[unknown[], number]>(END, [slotId]))[1] > 0;
    if (!hasChanged) return;
    const type = hosts.length > 0 ? 'drift.began' : 'drift.ended';
    await tx.query(APPEND, [randomUUIDv7(), slotId, type, JSON.stringify({ hosts }), now]);
  }
}
