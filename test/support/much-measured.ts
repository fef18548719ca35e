import { ask } from './baking-deployment.js';
import { digestOf } from './fixtures.js';
import type { Program } from './program.js';
import type { TestDatabase } from './test-database.js';

/** Their measurements are stored without being made; nobody ever asks them. */
const HOSTS = ['a', 'b', 'c'];

interface MuchMeasured {
  readonly service: string;
  readonly hostUrl: string;
  /** One measurement a second on each of three hosts. */
  readonly bakeSeconds: number;
}

/** A deployment whose gate has not begun to measure; its id. */
export async function aLongGate(program: Program, { service, hostUrl, bakeSeconds }: MuchMeasured): Promise<string> {
  const slot = `/v1/services/${service}/environments/qa`;
  const digest = digestOf('much');
  const expected = [{ field: 'status', op: 'eq', value: 200 }];
  const ready = { name: 'ready', type: 'http', url: '{host.url}/readyz', intervalSeconds: 1, timeoutSeconds: 1 };
  await ask(program, 'PUT', '/v1/environments/qa', { tier: 'development' });
  await ask(program, 'PUT', `/v1/services/${service}`, {});
  await ask(program, 'PUT', `${slot}/hosts`, { hosts: HOSTS.map((name) => ({ name, url: hostUrl })) });
  const checks = [{ ...ready, expect: expected }];
  await ask(program, 'PUT', `${slot}/gate`, { warmUpSeconds: 3600, bakeSeconds, checks });
  await ask(program, 'PUT', `/v1/services/${service}/releases/${digest}`, { version: '1', gitSha: 'a'.repeat(40) });
  const { id, fence } = await ask(program, 'POST', '/v1/deployments', { service, environment: 'qa', digest });
  await ask(program, 'POST', `/v1/deployments/${id}/deployed`, { fence });
  return id;
}

/** As if the run had been watched for all of its bake, which ends now, and each measurement had ended in an error. */
export async function measureAll(database: TestDatabase, deploymentId: string, bakeSeconds: number): Promise<void> {
  const run = `(select id from gate_runs where deployment_id = '${deploymentId}')`;
  await database.query(`
    update gate_runs set bake_begins_at = now() - interval '${bakeSeconds} s', bake_ends_at = now(), done = planned
     where id = ${run}`);
  await database.query(`
    insert into measurements (gate_run_id, check_name, host, n, id, due_at, measured_at, outcome, detail)
    select ${run}, 'ready', h.name, n, gen_random_uuid(), now(), now(), 'error', repeat('why', 200)
      from unnest(array['${HOSTS.join("','")}']) h (name), generate_series(0, ${bakeSeconds}) n`);
}
