import { randomUUID } from 'node:crypto';
import type { FakeHost } from './a-host.js';
import { digestOf } from './fixtures.js';
import { type Program, until } from './program.js';

/** What a program is started with as `BOOTSTRAP_ADMIN_TOKEN`, so that these functions can ask it. */
export const ADMIN_TOKEN = `plm_${'baking-deployment-'.repeat(3)}`;
/** The digest that the host has to show. */
export const GOOD = digestOf('good');

// oxlint-disable-next-line typescript/no-explicit-any -- a test says what it expects of an answer by its assertions
export async function ask(program: Program, method: string, path: string, body?: object): Promise<any> {
  const response = await fetch(program.url + path, {
    method,
    headers: {
      authorization: `Bearer ${ADMIN_TOKEN}`,
      'idempotency-key': randomUUID(),
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
  return answer;
}

/** A deployment of the good release whose gate has begun to measure, each time within the interval; its id. */
export async function aBakingDeployment(
  program: Program,
  host: FakeHost,
  bakeSeconds: number,
  intervalSeconds = 1,
  environment = 'qa',
): Promise<string> {
  const slot = `/v1/services/checkout/environments/${environment}`;
  const times = { intervalSeconds, timeoutSeconds: intervalSeconds };
  const check = { name: 'ready', type: 'http', url: '{host.url}/readyz', ...times };
  await ask(program, 'PUT', `/v1/environments/${environment}`, { tier: 'development' });
  await ask(program, 'PUT', '/v1/services/checkout', {});
  await ask(program, 'PUT', `${slot}/hosts`, { hosts: [{ name: 'a', url: host.url }] });
  await ask(program, 'PUT', `${slot}/gate`, {
    bakeSeconds,
    identity: { url: '{host.url}/info', field: '/imageDigest', consecutive: 1 },
    checks: [{ ...check, minMeasurements: 0.3, expect: [{ field: 'status', op: 'eq', value: 200 }] }],
  });
  await ask(program, 'PUT', `/v1/services/checkout/releases/${GOOD}`, { version: '1.0.0', gitSha: 'a'.repeat(40) });
  const wish = { service: 'checkout', environment, digest: GOOD };
  const { id, fence } = await ask(program, 'POST', '/v1/deployments', wish);
  await ask(program, 'POST', `/v1/deployments/${id}/deployed`, { fence });
  await until('two measurements', async () => {
    const { progress } = await ask(program, 'GET', `/v1/deployments/${id}/verdict`);
    return progress.done >= 2 ? progress : null;
  });
  return id;
}

export interface Measurement {
  readonly n: number;
  readonly dueAt: string;
  readonly outcome: string;
}

export async function measurementsOf(program: Program, id: string): Promise<Measurement[]> {
  const { items } = await ask(program, 'GET', `/v1/deployments/${id}/measurements?limit=200`);
  return items.toSorted((a: Measurement, b: Measurement) => a.n - b.n);
}

/** Every n once, from 0 on, each due exactly one interval after the one before. */
export function expectGapless(measurements: Measurement[]): void {
  const begin = Date.parse(measurements[0]?.dueAt ?? '');
  expect(measurements.map(({ n, dueAt }) => [n, Date.parse(dueAt) - begin])).toEqual(
    measurements.map((_, index) => [index, index * 1000]),
  );
}
