import { Agent, get } from 'node:http';
import { once } from 'node:events';
import { DatabaseProxy } from '../support/database-proxy.js';
import { type Program, startProgram } from '../support/program.js';
import { sendRandomRequests } from '../support/random-requests.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const PROBES = 6000;
const RANDOM_REQUESTS = 100_000;
const MOST_SERIES = 10_000;

let database: TestDatabase;
let proxy: DatabaseProxy;
let program: Program;

beforeAll(async () => {
  database = await createTestDatabase();
  proxy = await DatabaseProxy.before(database.url);
  program = await startProgram({ DATABASE_URL: proxy.url, LOG_LEVEL: 'warn' });
  await program.untilReady();
});
afterAll(async () => {
  await program.kill();
  await proxy.cut();
  await database.drop();
});

async function probe(agent: Agent, url: string): Promise<number | undefined> {
  const [response] = await once(get(url, { agent }), 'response');
  response.resume();
  await once(response, 'end');
  return response.statusCode;
}

async function series(): Promise<number> {
  const text = await (await fetch(`${program.opsUrl}/metrics`)).text();
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
}

describe('whoever asks the service how it is', () => {
  test('causes no query, on either port, however often', async () => {
    const { url, opsUrl } = program;
    const operations = [
      '/livez',
      '/readyz',
      '/startupz',
      '/health',
      '/health/readiness',
      '/health/dependencies',
      '/info',
    ];
    const probes = [...operations.map((path) => opsUrl + path), `${url}/livez`, `${url}/readyz`];
    const agent = new Agent({ keepAlive: true });
    const before = proxy.questions;
    const statuses = new Set<number | undefined>();
    await Promise.all(
      probes.map(async (target) => {
        for (let n = 0; n < PROBES / probes.length; n += 1) statuses.add(await probe(agent, target));
      }),
    );
    agent.destroy();

    expect(statuses).toEqual(new Set([200]));
    // Some there are all the time: of the sampler, of jobs. A query a probe would be ten times as many.
    expect(proxy.questions - before).toBeLessThan(PROBES / 10);
  });
});

describe('whatever is asked of the service', () => {
  test('its metrics stay few', async () => {
    const ports = [program.url, program.opsUrl].map((url) => Number(new URL(url).port));
    const answered = await Promise.all(ports.map((port) => sendRandomRequests(port, RANDOM_REQUESTS / 2)));

    // Those behind something that is no HTTP go unanswered.
    for (const count of answered) expect(count).toBeGreaterThan(RANDOM_REQUESTS / 4);
    expect(await series()).toBeLessThan(MOST_SERIES);
    await program.untilReady();
  }, 120_000);
});
