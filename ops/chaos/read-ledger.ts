import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Ledger } from './checks/ledger.ts';

const most = 256 * 1024 * 1024;

/** In the bake as the gate asks for it: one that was moved lasts longer, and wants no more evidence for that. */
const planned = `(g.plan ->> 'bakeMs')::int / (g.plan -> 'checks' -> 0 ->> 'intervalMs')::int + 1`;

/** One statement, and so one snapshot. */
export const ledgerQuery = (slots: readonly string[]) => {
  const wanted = `in (${slots.map((slot) => `'${slot}'`).join(', ')})`;
  return `
  select json_build_object(
    'deployments', coalesce((select json_agg(json_build_object(
        'id', d.id, 'slot', d.service, 'kind', d.kind, 'attempt', coalesce(d.external_id, d.rollback_reason),
        'digest', r.digest, 'fence', d.fence, 'state', d.state, 'applied', d.applied,
        'reasons', (select coalesce(json_agg(e ->> 'code'), '[]') from jsonb_array_elements(d.reasons) e),
        'hostsChanged', d.hosts_changed, 'planned', ${planned},
        'passed', (select count(*) from measurements m where m.gate_run_id = g.id and m.outcome = 'pass'),
        'failed', (select count(*) from measurements m where m.gate_run_id = g.id and m.outcome = 'fail'))
        order by d.service, d.sequence)
      from deployments d join releases r on r.id = d.release_id left join gate_runs g on g.deployment_id = d.id
      where d.service ${wanted}), '[]'),
    'releases', coalesce((select json_agg(digest) from releases where service ${wanted}), '[]'))`;
};

/** The ledger as PostgreSQL has it, past every cache. */
export async function readLedger(project: string, slots: readonly string[]): Promise<Omit<Ledger, 'evidence'>> {
  const psql = ['psql', '-U', 'postgres', '-d', 'plimsoll', '-qAtc', ledgerQuery(slots)];
  const { stdout } = await promisify(execFile)('podman', ['exec', `${project}_postgres_1`, ...psql], {
    maxBuffer: most,
  });
  return JSON.parse(stdout) as Omit<Ledger, 'evidence'>;
}
