import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../../platform/clock.js';
import { validationFailed } from '../../../platform/http/problems/http.errors.js';
import { Slots } from '../../catalog/catalog.events.js';
import { GateRuns } from '../../gates/gates.events.js';
import { lastDeployedFence } from './slot-ledger.js';
import type { ObservationBody } from './slots.dto.js';

/** With the fence of the last deployment that was on its hosts by then: what a later one changed was not seen here. */
const KEEP = `
  insert into host_observations as known (slot_id, host, digest, observed_at, fence)
  values ($1, $2, $3, $4, coalesce($5, ${lastDeployedFence('$1')}))
  on conflict (slot_id, host) do update
    set digest = excluded.digest, observed_at = excluded.observed_at, fence = excluded.fence
    where (known.fence, known.observed_at) <= (excluded.fence, excluded.observed_at)`;

const SLOT_OF = `select slot_id as "slotId" from deployments where id = $1`;

/** What hosts were seen to run: the newest observation of each. */
@Injectable()
export class Observations implements OnModuleInit {
  constructor(
    private readonly slots: Slots,
    private readonly clock: Clock,
    private readonly gates: GateRuns,
  ) {}

  /** What a gate reads of a host to prove its identity is an observation like any other. */
  onModuleInit(): void {
    this.gates.onSighting(async (tx, { deploymentId, host, digest }) => {
      const [deployment] = await tx.query<{ slotId: string }[]>(SLOT_OF, [deploymentId]);
      if (deployment) await this.keep(tx, deployment.slotId, host, digest);
    });
  }

  /** @throws DomainError `validation-failed` for a host that the slot has not; 404 as for any slot */
  async record(
    tx: EntityManager,
    service: string,
    environment: string,
    { host, digest }: ObservationBody,
  ): Promise<void> {
    const slot = await this.slots.obtain(tx, service, environment);
    if (!slot.hosts?.some(({ name }) => name === host)) {
      throw validationFailed([{ pointer: '/host', detail: `The slot has no host "${host}"; put its hosts first` }]);
    }
    await this.keep(tx, slot.id, host, digest);
  }

  /** Keeps what a host of the slot was seen to run, whoever saw it; `fence` is the last one deployed when it was asked. */
  async keep(tx: EntityManager, slotId: string, host: string, digest: string, fence?: number): Promise<void> {
    await tx.query(KEEP, [slotId, host, digest, this.clock.now(), fence ?? null]);
  }
}
