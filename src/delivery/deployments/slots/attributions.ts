import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type Culprit, Incidents, type Suspicion } from '../../incidents/incidents.events.js';
import { HAS_REACHED_HOSTS } from './slot-ledger.js';

/** The expression of the index `deployments_reached_hosts`, word for word. */
const REACHED_AT = 'coalesce(d.deployed_at, d.finished_at)';

/** So long after it reached its hosts is a deployment to blame, unless the next one has reached them by then. */
const WINDOW = `interval '2 hours'`;

/** What is named goes before what was just deployed, and a deployment before a release. */
const FIND = `
  select s.n, found.id as "deploymentId", found.service, found.environment, found.by
  from jsonb_to_recordset($1)
    as s(n integer, service text, environment text, "startsAt" timestamptz, deployment uuid, digest text)
  cross join lateral (
    (select 1 as rank, 'label' as by, d.id, d.service, d.environment from deployments d
      where d.id = s.deployment
        and d.service = coalesce(s.service, d.service) and d.environment = coalesce(s.environment, d.environment))
    union all
    (select 2, 'label', d.id, d.service, d.environment from releases r join deployments d on d.release_id = r.id
      where r.service = s.service and r.digest = s.digest and d.environment = s.environment
        and d.started_at <= s."startsAt" and d.hosts_changed is not false
      order by d.fence desc nulls last, d.started_at desc limit 1)
    union all
    (select 3, 'window', d.id, d.service, d.environment from deployments d
      where d.service = s.service and d.environment = s.environment and ${HAS_REACHED_HOSTS}
        and ${REACHED_AT} <= s."startsAt" and ${REACHED_AT} > s."startsAt" - ${WINDOW}
      order by ${REACHED_AT} desc, d.fence desc nulls last limit 1)
    order by rank limit 1) found`;

/** Says which deployment an incident is attributed to: the one that is named, else the one that was just deployed. */
@Injectable()
export class Attributions implements OnModuleInit {
  constructor(private readonly incidents: Incidents) {}

  onModuleInit(): void {
    this.incidents.onAttribution(culpritsOf);
  }
}

async function culpritsOf(tx: EntityManager, suspicions: readonly Suspicion[]): Promise<(Culprit | null)[]> {
  const numbered = JSON.stringify(suspicions.map((suspicion, n) => ({ ...suspicion, n })));
  const found = await tx.query<(Culprit & { n: number })[]>(FIND, [numbered]);
  const byNumber = new Map(found.map(({ n, ...culprit }) => [n, culprit]));
  return suspicions.map((_, n) => byNumber.get(n) ?? null);
}
