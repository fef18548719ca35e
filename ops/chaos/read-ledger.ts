import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Evidence, Ledger } from './checks/ledger.ts';

const most = 256 * 1024 * 1024;

/** One statement, and so one snapshot. */
const query = (slots: readonly string[]) => {
  const wanted = `in (${slots.map((slot) => `'${slot}'`).join(', ')})`;
  return `
  select json_build_object(
    'deployments', coalesce((select json_agg(json_build_object(
        'id', d.id, 'slot', d.service, 'kind', d.kind, 'attempt', coalesce(d.external_id, d.rollback_reason),
        'digest', r.digest, 'fence', d.fence, 'state', d.state, 'applied', d.applied,
        'reasons', (select coalesce(json_agg(e ->> 'code'), '[]') from jsonb_array_elements(d.reasons) e),
        'hostsChanged', d.hosts_changed, 'planned', g.planned,
        'passed', (select count(*) from measurements m where m.gate_run_id = g.id and m.outcome = 'pass'),
        'failed', (select count(*) from measurements m where m.gate_run_id = g.id and m.outcome = 'fail'))
        order by d.service, d.sequence)
      from deployments d join releases r on r.id = d.release_id left join gate_runs g on g.deployment_id = d.id
      where d.service ${wanted}), '[]'),
    'releases', coalesce((select json_agg(digest) from releases where service ${wanted}), '[]'))`;
};

/** The ledger as PostgreSQL has it, past every cache. */
export async function readLedger(
  project: string,
  slots: readonly string[],
  evidence: Record<string, Evidence>,
): Promise<Ledger> {
  const psql = ['psql', '-U', 'postgres', '-d', 'plimsoll', '-qAtc', query(slots)];
  const { stdout } = await promisify(execFile)('podman', ['exec', `${project}_postgres_1`, ...psql], {
    maxBuffer: most,
  });
  return { ...(JSON.parse(stdout) as Omit<Ledger, 'evidence'>), evidence };
}
