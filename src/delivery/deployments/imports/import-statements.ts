import type { EntityManager } from 'typeorm';
import type { DeploymentKind } from '../deployment.model.js';
import { HAS_REACHED_HOSTS } from '../slots/slot-ledger.js';
import type { SlotStateEntity } from '../slots/slot-state.entity.js';

/** What a deployment that is there already shows to whoever imports it again. */
export interface KnownDeployment {
  readonly id: string;
  readonly slotId: string;
  readonly service: string;
  readonly environment: string;
  readonly externalId: string;
  readonly releaseId: string;
  readonly kind: DeploymentKind;
}

interface Named {
  readonly service: string;
  readonly environment: string;
  readonly externalId: string;
}

const RELEASES = `
  select id, service, digest from releases
  where (service, digest) in (select * from unnest($1::text[], $2::text[]))`;

const DEPLOYMENTS = `
  select d.id, d.slot_id as "slotId", s.service, s.environment, d.external_id as "externalId",
    d.release_id as "releaseId", d.kind
  from (select distinct * from unnest($1::text[], $2::text[], $3::text[]) as n(service, environment, external_id)) n
    join slots s on s.service = n.service and s.environment = n.environment
    join deployments d on d.slot_id = s.id and d.external_id = n.external_id`;

const ADD = `
  insert into deployments (id, slot_id, service, environment, kind, release_id, sequence, state, applied, reasons,
    hosts_changed, actor, external_id, remediates, auto_rollback, freeze_decision, imported, leads, bad, bad_reason,
    created_at, started_at, deployed_at, finished_at)
  select id, "slotId", service, environment, kind, "releaseId", sequence, state, '{}', '[]',
    "hostsChanged", actor, "externalId", remediates, true, "freezeDecision", true, leads, bad, "badReason",
    "createdAt", "createdAt", "deployedAt", "finishedAt"
  from jsonb_to_recordset($1) as r(id uuid, "slotId" uuid, service text, environment text, kind text,
    "releaseId" uuid, sequence integer, state text, "hostsChanged" boolean, actor text, "externalId" text,
    remediates uuid, "freezeDecision" jsonb, leads boolean, bad boolean, "badReason" text,
    "createdAt" timestamptz, "deployedAt" timestamptz, "finishedAt" timestamptz)
  order by sequence`;

/** What a slot without deployments of its own runs: what the newest imported one that reached its hosts left there. */
const RUNNING = `
  select d.release_id as "releaseId", d.state from deployments d
  where d.slot_id = $1 and d.leads and ${HAS_REACHED_HOSTS}
  order by coalesce(d.deployed_at, d.finished_at) desc, d.id desc limit 1`;

const KEEP = `
  update slot_states set sequence = $2, running_release_id = $3, running_release_state = $4, running_sequence_key = null
  where slot_id = $1`;

const KEEP_SEQUENCE = 'update slot_states set sequence = $2 where slot_id = $1';

/** The ids of releases, by service and digest. */
export async function findReleases(
  tx: EntityManager,
  named: readonly { readonly service: string; readonly digest: string }[],
): Promise<Map<string, string>> {
  const values = [named.map(({ service }) => service), named.map(({ digest }) => digest)];
  const found = await tx.query<{ id: string; service: string; digest: string }[]>(RELEASES, values);
  return new Map(found.map(({ id, service, digest }) => [`${service} ${digest}`, id]));
}

export async function findDeployments(tx: EntityManager, named: readonly Named[]): Promise<KnownDeployment[]> {
  if (named.length === 0) return [];
  return tx.query<KnownDeployment[]>(DEPLOYMENTS, [
    named.map(({ service }) => service),
    named.map(({ environment }) => environment),
    named.map(({ externalId }) => externalId),
  ]);
}

export async function addDeployments(tx: EntityManager, rows: readonly object[]): Promise<void> {
  if (rows.length > 0) await tx.query(ADD, [JSON.stringify(rows)]);
}

/** Keeps the number of deployments of a locked slot, and what it runs where only imported ones can tell. */
export async function keepRunning(tx: EntityManager, { slotId, sequence, fence }: SlotStateEntity): Promise<void> {
  if (fence > 0) {
    await tx.query(KEEP_SEQUENCE, [slotId, sequence]);
    return;
  }
  const [newest] = await tx.query<{ releaseId: string; state: string }[]>(RUNNING, [slotId]);
  // A deployment that failed on its hosts leaves nobody knowing what runs there.
  const isKnown = newest !== undefined && newest.state !== 'failed';
  const state = newest === undefined ? 'none' : isKnown ? 'known' : 'unknown';
  await tx.query(KEEP, [slotId, sequence, isKnown ? newest.releaseId : null, state]);
}
