import { type Answer, startApplication, type TestApplication } from '../support/application.js';
import { aDeployment, aService, aSlot } from '../support/fixtures.js';

const MIB = 1024 * 1024;

describe('a list of deployments', () => {
  let app: TestApplication;

  beforeAll(async () => {
    app = await startApplication();
  });

  afterAll(() => app.close());

  /** As a gate with many checks on many hosts would give them. */
  async function giveReasons(id: string, count: number, detail: string): Promise<void> {
    const reasons = Array.from({ length: count }, (_, n) => ({ code: 'no-evidence', host: `host-${n}`, detail }));
    const update = 'UPDATE deployments SET reasons = $2 WHERE id = $1';
    await app.database.query('give-reasons', update, [id, JSON.stringify(reasons)]);
  }

  it('shows the first 20 reasons and how many there are; the deployment itself has all', async () => {
    const { id, service } = await aDeployment(app);
    await giveReasons(id, 5000, 'none');
    const { items } = (await app.request('GET', `/v1/deployments?service=${service}`)).body;
    expect(items[0]).toMatchObject({ id, reasonCount: 5000 });
    expect(items[0].reasons.map(({ host }: { host: string }) => host)).toEqual(
      Array.from({ length: 20 }, (_, n) => `host-${n}`),
    );
    const { body } = await app.request('GET', `/v1/deployments/${id}`);
    expect([body.reasons.length, 'reasonCount' in body]).toEqual([5000, false]);
  });

  it('shows none where there are none', async () => {
    const { service } = await aDeployment(app);
    const { items } = (await app.request('GET', `/v1/deployments?service=${service}`)).body;
    expect(items).toMatchObject([{ reasons: [], reasonCount: 0 }]);
  });

  it('has shorter pages where deployments are large, and leaves none out', async () => {
    const { slug: service } = await aService(app);
    const ids: string[] = [];
    for (let n = 0; n < 8; n += 1) {
      const { environment } = await aSlot(app, { service });
      const { id } = await aDeployment(app, { service, environment });
      await giveReasons(id, 30, 'é'.repeat(10_000));
      ids.push(id);
    }
    const pages: Answer[] = [];
    for (let at: string | undefined = `/v1/deployments?service=${service}&limit=200`; at !== undefined;) {
      const page: Answer = await app.request('GET', at);
      pages.push(page);
      at = /<([^>]+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1];
    }
    expect(pages.flatMap(({ body }) => body.items.map(({ id }: { id: string }) => id))).toEqual(ids.toReversed());
    expect(Math.max(...pages.map(({ text }) => Buffer.byteLength(text)))).toBeLessThan(2 * MIB);
    expect(pages.length).toBeGreaterThan(2);
  });
});
