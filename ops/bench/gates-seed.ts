import { Client } from 'pg';

export interface Seed {
  readonly gates: number;
  readonly checks: number;
  /** So many of the checks ask Prometheus, once and not per host, half as often as the others are made. */
  readonly queries: number;
  readonly hosts: number;
  readonly intervalSeconds: number;
  readonly bakeSeconds: number;
  readonly hostsPort: number;
}

/** How long after the seed the first bake begins: the server has to find the runs first. */
const LEAD_SECONDS = 10;
const SERVICES = 500;

/** Puts running gates straight into the database, their bakes begun evenly over one interval. */
export async function seedGates(databaseUrl: string, seed: Seed): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query('begin');
    await client.query(
      `insert into environments select 'e' || n, 'production', '', now(), now()
      from generate_series(0, $1::int) n`,
      [Math.floor(seed.gates / SERVICES)],
    );
    await client.query(
      `insert into services select 's' || n, '', null, null, now(), now()
      from generate_series(0, $1::int) n`,
      [SERVICES - 1],
    );
    await client.query(`insert into releases (id, service, digest, version, git_sha, commits, created_at)
      select gen_random_uuid(), slug, 'sha256:' || repeat('1', 64), '1.0.0', repeat('a', 40), '[]', now() from services`);
    await client.query(
      `insert into slots (id, service, environment, created_at, updated_at)
      select gen_random_uuid(), 's' || n % $2, 'e' || n / $2, now(), now() from generate_series(0, $1::int - 1) n`,
      [seed.gates, SERVICES],
    );
    await client.query(
      `insert into slot_states (slot_id, fence, sequence, running_release_state) select id, 1, 1, 'unknown' from slots`,
    );
    await client.query(`insert into deployments (id, slot_id, service, environment, kind, release_id, sequence, fence, state, applied,
        reasons, actor, auto_rollback, freeze_decision, bad, created_at, started_at, deployed_at)
      select gen_random_uuid(), s.id, s.service, s.environment, 'deploy', r.id, 1, 1, 'verifying', '{start,deployed}', '[]', 'bench', true,
        '{"frozen":false,"known":true,"override":null}', false, now(), now(), now()
      from slots s join releases r on r.service = s.service`);
    await client.query(RUNS, [
      JSON.stringify(checksOf(seed)),
      seed.bakeSeconds,
      LEAD_SECONDS,
      seed.intervalSeconds,
      plannedOf(seed),
      seed.hostsPort,
      seed.gates,
      seed.hosts,
    ]);
    await client.query('commit');
    await client.query('analyze');
  } finally {
    await client.end();
  }
}

/** Every gate has a loopback address of its own in 127.1.0.0/16, which all its hosts share. */
const RUNS = `
  insert into gate_runs (id, deployment_id, slot_id, plan, deployed_at, identified_hosts, bake_begins_at, bake_ends_at,
                         moved_ms, deadline, planned, done, unwatched_since, promoted)
  select gen_random_uuid(), d.id, d.slot_id,
         jsonb_build_object('service', d.service, 'environment', d.environment, 'identity', null, 'warmUpMs', 0,
           'bakeMs', $2::int * 1000, 'checks', $1::jsonb,
           'release', '{"digest": "sha256:1", "gitSha": "a", "version": "1.0.0"}'::jsonb,
           'hosts', (select jsonb_agg(jsonb_build_object('name', 'host-' || h,
             'url', 'http://127.1.' || d.n / 250 || '.' || 1 + d.n % 250 || ':' || $6::int))
             from generate_series(1, $8::int) h)),
         begins, '{}', begins, begins + $2::int * interval '1 s', 0, begins + $2::int * interval '1 s', $5, 0, now(), false
    from (select *, row_number() over () - 1 as n from deployments) d
    cross join lateral (select now() + ($3::int + $4::int * d.n::float8 / $7::int) * interval '1 s' as begins) b`;

function plannedOf({ checks, queries, hosts, bakeSeconds, intervalSeconds }: Seed): number {
  const every = (seconds: number) => Math.floor(bakeSeconds / seconds) + 1;
  return hosts * (checks - queries) * every(intervalSeconds) + queries * every(2 * intervalSeconds);
}

function checksOf({ checks, queries, intervalSeconds }: Seed): object[] {
  const probes = Array.from({ length: checks - queries }, (_, index) => ({
    ...checkOf('http', `check-${index}`, intervalSeconds),
    expect: [
      { field: 'status', op: 'eq', value: 200 },
      { field: '/status', op: 'eq', value: 'UP' },
    ],
    specification: { name: `check-${index}`, type: 'http', url: `{host.url}/check-${index}` },
  }));
  const asked = Array.from({ length: queries }, (_, index) => ({
    ...checkOf('prometheus', `query-${index}`, 2 * intervalSeconds),
    isPerHost: false,
    expect: [{ field: 'value', op: 'lt', value: 1 }],
    specification: {
      name: `query-${index}`,
      type: 'prometheus',
      query: `errors_${index}{version="{release.version}"}`,
    },
  }));
  return [...probes, ...asked];
}

function checkOf(type: string, name: string, intervalSeconds: number): object {
  return {
    name,
    type,
    required: true,
    isPerHost: true,
    initialDelayMs: 0,
    intervalMs: intervalSeconds * 1000,
    timeoutMs: Math.min(5000, intervalSeconds * 1000),
    failAt: { total: 3, consecutive: 2 },
    errorAt: 5,
    minMeasurements: 0.8,
    onNoData: 'hold',
    baseline: null,
  };
}
