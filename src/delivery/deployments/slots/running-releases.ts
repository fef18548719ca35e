import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type GatedRelease, GateRuns } from '../../gates/gates.events.js';

const RUNNING = `
  select r.digest, r.version, r.git_sha as "gitSha" from slot_states s join releases r on r.id = s.running_release_id
   where s.slot_id = $1`;

/** Tells gates which release a slot is known to run: a gate that is tried out is tried on that. */
@Injectable()
export class RunningReleases implements OnModuleInit {
  constructor(private readonly gates: GateRuns) {}

  onModuleInit(): void {
    this.gates.onRunningRelease(async (handle, slotId) => {
      const [release] = await handle.query<GatedRelease[]>(RUNNING, [slotId]);
      return release ?? null;
    });
  }
}
