import { jest } from '@jest/globals';
import { DeploymentsReader } from '../../src/delivery/deployments/deployments.reader.js';
import { LOOK_EVERY_MS } from '../../src/delivery/deployments/verdicts/verdicts.js';
import { aHost } from '../support/a-host.js';
import { type TestApplication, startApplication } from '../support/application.js';
import { eventually } from '../support/eventually.js';
import { aDeployment, aSlot } from '../support/fixtures.js';

let app: TestApplication;

beforeAll(async () => {
  app = await startApplication();
});
afterAll(() => app.close());

const ask = (path: string) => app.request('GET', path);

describe('waiting for a verdict', () => {
  it('hears of it within two seconds also where the announcement was lost', async () => {
    const { id } = await aDeployment(app);
    const looks = jest.spyOn(app.nest.get(DeploymentsReader), 'verdict');
    const waiting = ask(`/v1/deployments/${id}/verdict?wait=60`);
    // Once when the request came, and once when it had begun to listen.
    await eventually(() => expect(looks.mock.results.length).toBeGreaterThanOrEqual(2));
    expect(await looks.mock.results[1]?.value).toMatchObject({ state: 'in_progress' });
    await app.database.query('untold', `update deployments set state = 'promoted' where id = $1`, [id]);
    expect((await waiting).body).toMatchObject({ verdict: 'promote', state: 'promoted' });
    expect(app.nest.get(LOOK_EVERY_MS)).toBe(2000);
    looks.mockRestore();
  });
});

describe('the measurements of a deployment', () => {
  interface Item {
    readonly host: string;
    readonly n: number;
    readonly dueAt: string;
  }

  it('are walked page by page, the newest first, and none is left out or shown twice', async () => {
    await using host = await aHost({ '/readyz': {} });
    const hosts = ['a', 'b', 'c'].map((name) => ({ name, url: host.url }));
    const expected = [{ field: 'status', op: 'eq', value: 200 }];
    const check = { name: 'ready', type: 'http', url: '{host.url}/readyz', intervalSeconds: 1, expect: expected };
    const slot = await aSlot(app, { hosts, gate: { warmUpSeconds: 0, bakeSeconds: 2, checks: [check] } });
    const { id } = await aDeployment(app, { ...slot, state: 'verifying' });
    expect((await ask(`/v1/deployments/${id}/verdict?wait=30`)).body.verdict).toBe('promote');

    // Three are due at the same instant, so that every page ends in the middle of such.
    const walked: Item[] = [];
    let path: string | undefined = `/v1/deployments/${id}/measurements?limit=2`;
    for (let pages = 0; path !== undefined; pages += 1) {
      expect(pages).toBeLessThan(5);
      const page = await ask(path);
      expect(page.body.items.length).toBeLessThanOrEqual(2);
      walked.push(...page.body.items);
      path = /<([^>]+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1];
    }
    const keys = walked.map(({ host: name, n }) => `${name}${n}`);
    expect(keys.toSorted()).toEqual(['a0', 'a1', 'a2', 'b0', 'b1', 'b2', 'c0', 'c1', 'c2']);
    expect(walked.map(({ dueAt }) => dueAt)).toEqual(
      walked
        .map(({ dueAt }) => dueAt)
        .toSorted()
        .toReversed(),
    );
    expect((await ask(`/v1/deployments/${id}/measurements?limit=200`)).body.items).toEqual(walked);
  });
});
