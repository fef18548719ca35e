import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/database.js';
import { Turns } from '../../../platform/turns.js';
import type { Host, Tier } from '../../catalog/catalog.reader.js';
import { FreezesReader, type FreezeView } from '../../freezes/freezes.reader.js';
import type { DeploymentEntity } from '../deployment.entity.js';
import { deadlineOf, type Holding, verdictOf } from '../deployment.model.js';
import { outagesAfter, outagesOf, type StoredOutages } from './outages.js';
import { lastDeployedFence, newestGood } from './slot-ledger.js';
import type { SlotView } from './slots.dto.js';

type Reference = SlotView['runningRelease'];
type Active = Pick<DeploymentEntity, 'id' | 'kind' | 'fence' | 'actor' | 'state'> & {
  readonly [Time in 'createdAt' | 'startedAt' | 'heartbeatAt' | 'heldAt' | 'gateDeadline']: string | null;
} & { readonly release: NonNullable<Reference>; readonly createdAt: string; readonly outages: StoredOutages };

interface SlotRow {
  readonly tier: Tier;
  readonly hosts: Host[] | null;
  readonly fence: number | null;
  readonly deployedFence: number;
  readonly state: SlotView['runningReleaseState'] | null;
  readonly running: Reference;
  readonly good: Reference;
  readonly active: Active | null;
  readonly observations: { host: string; digest: string; at: string; fence: number }[] | null;
}

const reference = (release: string): string =>
  `jsonb_build_object('digest', ${release}.digest, 'version', ${release}.version, 'gitSha', ${release}.git_sha)`;

/** All of a slot in one statement, and so in one snapshot; times inside JSON are made Dates or rewritten below. */
export const SLOT_QUERY = `
  select e.tier, s.hosts, st.fence, ${lastDeployedFence('s.id')} as "deployedFence", st.running_release_state as state,
    case when run.id is null then null else ${reference('run')} end as running,
    ${newestGood('s.id', reference('r'))} as good,
    (select jsonb_build_object('id', a.id, 'kind', a.kind, 'fence', a.fence, 'actor', a.actor, 'state', a.state,
        'createdAt', a.created_at, 'startedAt', a.started_at, 'heartbeatAt', a.heartbeat_at, 'heldAt', a.held_at,
        'outages', ${outagesAfter('coalesce(a.held_at, a.heartbeat_at, a.started_at)')}, 'gateDeadline', g.deadline, 'release', ${reference('r')})
      from deployments a join releases r on r.id = a.release_id left join gate_runs g on g.deployment_id = a.id
      where a.slot_id = s.id and a.state in ('in_progress', 'verifying', 'on_hold')) as active,
    (select jsonb_agg(jsonb_build_object('host', o.host, 'digest', o.digest, 'at', o.observed_at, 'fence', o.fence))
      from host_observations o where o.slot_id = s.id) as observations
  from services v cross join environments e
    left join slots s on s.service = v.slug and s.environment = e.slug
    left join slot_states st on st.slot_id = s.id
    left join releases run on run.id = st.running_release_id
  where v.slug = $1 and e.slug = $2`;

/** What a slot runs, has run, and may go back to. */
@Injectable()
export class SlotsReader {
  private readonly slots = new Turns<SlotView | null>();

  constructor(
    private readonly database: Database,
    private readonly freezes: FreezesReader,
  ) {}

  /** The slot, also where nothing used it yet; null where its service or its environment is not there. */
  slot(service: string, environment: string): Promise<SlotView | null> {
    return this.slots.take(`${service} ${environment}`, () => this.look(service, environment));
  }

  private async look(service: string, environment: string): Promise<SlotView | null> {
    const [row] = await this.database.query<SlotRow>('slot', SLOT_QUERY, [service, environment]);
    if (!row) return null;
    const subject = { service, environment, tier: row.tier };
    return viewOfSlot(
      service,
      environment,
      row,
      await this.database.read((handle) => this.freezes.judge(handle, subject)),
    );
  }
}

function viewOfSlot(service: string, environment: string, row: SlotRow, freeze: FreezeView): SlotView {
  const hosts = hostsOf(row);
  return {
    service,
    environment,
    runningRelease: row.running,
    runningReleaseState: row.state ?? 'none',
    lastKnownGood: row.good,
    activeDeployment: row.active && viewOfActive(row.active),
    fence: row.fence ?? 0,
    hosts,
    drift: hosts.some(({ drifting }) => drifting),
    freeze,
  };
}

function viewOfActive({
  id,
  kind,
  state,
  release,
  fence,
  actor,
  outages,
  ...times
}: Active): SlotView['activeDeployment'] {
  const holding: Holding = {
    state,
    startedAt: dateOf(times.startedAt),
    heartbeatAt: dateOf(times.heartbeatAt),
    heldAt: dateOf(times.heldAt),
  };
  const deadline = deadlineOf(holding, dateOf(times.gateDeadline), outagesOf(outages));
  const createdAt = new Date(times.createdAt).toISOString();
  return {
    id,
    kind,
    state,
    verdict: verdictOf(state),
    release,
    fence,
    actor,
    createdAt,
    deadline: deadline?.toISOString() ?? null,
  };
}

/**
 * A host drifts if it was seen to run something else than what the slot is known to run. What was seen before the last
 * `deployed` does not count, and nothing drifts while a deployer may be changing hosts.
 */
function hostsOf({ hosts, observations, deployedFence, running, active }: SlotRow): SlotView['hosts'] {
  const mayDrift = running !== null && active?.state !== 'in_progress';
  const seen = new Map(observations?.map((observation) => [observation.host, observation]));
  return (hosts ?? []).map(({ name, url }) => {
    const observed = seen.get(name);
    return {
      name,
      url,
      observedDigest: observed?.digest ?? null,
      observedAt: observed ? new Date(observed.at).toISOString() : null,
      drifting:
        mayDrift && observed !== undefined && observed.fence >= deployedFence && observed.digest !== running.digest,
    };
  });
}

function dateOf(time: string | null): Date | null {
  return time === null ? null : new Date(time);
}
