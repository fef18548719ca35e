import { randomUUID } from 'node:crypto';
import { type Answer, problem, startApplication, type TestApplication } from '../support/application.js';
import { FakeClock } from '../support/fake-clock.js';
import { anEnvironment, aService } from '../support/fixtures.js';

let app: TestApplication;
const clock = new FakeClock(new Date('2026-03-01T12:00:00.000Z'));

beforeAll(async () => {
  app = await startApplication({ clock });
});
afterAll(() => app.close());

const ask = (query: Record<string, string>, token = app.tokens.operator) =>
  app.request('GET', `/v1/audit?${new URLSearchParams(query)}`, { token });
const owners = async (query: Record<string, string>) =>
  (await ask(query)).body.items.map(({ after }: { after: { owner?: string } }) => after.owner);

function nextOf(answer: Answer): string | null {
  return /^<(.+)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1] ?? null;
}

/** Entries of one subject, at the present time, with so much in them. */
async function insert(subject: string, count: number, characters = 0): Promise<void> {
  await app.database.query(
    `insert-entries`,
    `insert into audit_log (id, at, actor, action, subject, after)
     select gen_random_uuid(), $1, 'a test', 'test.put', $2, jsonb_build_object('n', n, 'x', repeat('x', $4::int))
     from generate_series(1, $3::int) n`,
    [clock.now(), subject, count, characters],
  );
}

/** All pages, from the first to the last. */
async function pagesOf(query: Record<string, string>): Promise<Answer[]> {
  const pages = [await ask(query)];
  for (let next = nextOf(pages[0]!); next !== null; next = nextOf(pages.at(-1)!)) {
    pages.push(await app.request('GET', next, { token: app.tokens.operator }));
  }
  return pages;
}

describe('the list of the audit log', () => {
  it('tells who changed what, with the request, and what was there before and after', async () => {
    const { slug } = await anEnvironment(app, { tier: 'staging' });
    const path = `/v1/environments/${slug}`;
    clock.advance(1000);
    const headers = { 'x-request-id': 'the-request' };
    await app.request('PUT', path, { headers, body: { tier: 'production', description: 'serious' } });
    const { status, body } = await ask({ subject: `environments/${slug}` });
    expect([status, body.items.length]).toEqual([200, 2]);
    expect(body.items[0]).toEqual({
      id: expect.any(String),
      at: clock.now().toISOString(),
      actor: 'admin',
      action: 'environment.put',
      subject: `environments/${slug}`,
      requestId: 'the-request',
      before: expect.objectContaining({ slug, tier: 'staging', description: '' }),
      after: expect.objectContaining({ slug, tier: 'production', description: 'serious' }),
    });
  });

  it('has what its filters all say', async () => {
    const body = { name: `actor ${randomUUID()}`, role: 'admin' };
    const { token } = (await app.request('POST', '/v1/tokens', { body })).body;
    const { slug } = await aService(app);
    const change = (owner: string) => app.request('PUT', `/v1/services/${slug}`, { token, body: { owner } });
    const from = new Date(clock.now().getTime() + 1000).toISOString();
    for (const owner of ['first', 'second', 'third']) {
      await change(owner);
      clock.advance(1000);
    }
    await app.request('PUT', '/v1/environments/its-own', { token, body: { tier: 'staging' } });
    expect(await owners({ actor: body.name, action: 'service.put' })).toEqual(['third', 'second', 'first']);
    expect(await owners({ actor: body.name })).toEqual([undefined, 'third', 'second', 'first']);
    expect(await owners({ actor: body.name, action: 'service.put', from })).toEqual(['third', 'second']);
    expect(await owners({ subject: `services/${slug}`, actor: body.name, to: from })).toEqual(['first']);
    expect(await owners({ subject: `services/${slug}`, action: 'service.delete' })).toEqual([]);
  });

  it('comes in pages that miss nothing and repeat nothing, also where all happened at once', async () => {
    await insert('paged', 7);
    const pages = await pagesOf({ subject: 'paged', limit: '3' });
    expect(pages.map(({ body }) => body.items.length)).toEqual([3, 3, 1]);
    expect(new Set(pages.flatMap(({ body }) => body.items.map(({ id }: { id: string }) => id))).size).toBe(7);
  });

  it.each([
    ['of entries larger than a page', 600_000, 5],
    ['of entries of which a few are a page', 200_000, 12],
    ['of entries with as many separators as there are', 50_000, 40],
  ])('ends a page early rather than read it all, %s', async (what, characters, count) => {
    await insert(what, count, characters);
    const pages = await pagesOf({ subject: what, limit: '200' });
    expect(pages.map(({ text }) => text.length).filter((length) => length > 1024 * 1024)).toEqual([]);
    expect(new Set(pages.flatMap(({ body }) => body.items.map(({ id }: { id: string }) => id))).size).toBe(count);
  });

  it('is for operators and admins, and not for those of one service', async () => {
    for (const role of ['viewer', 'reporter', 'deployer'] as const) {
      expect((await ask({}, app.tokens[role])).status).toBe(403);
    }
    for (const role of ['operator', 'admin'] as const) expect((await ask({}, app.tokens[role])).status).toBe(200);
    const body = { name: 'bound', role: 'admin', service: (await aService(app)).slug };
    const { token } = (await app.request('POST', '/v1/tokens', { body })).body;
    expect((await ask({}, token)).status).toBe(403);
  });

  it.each([
    ['limit', '201'],
    ['from', 'yesterday'],
    ['subject', ''],
    ['actor', 'a\u0000b'],
    ['who', 'me'],
  ])('refuses the filter %s=%s', async (name, value) => {
    expect(await ask({ [name]: value })).toMatchObject(
      problem(422, 'validation-failed', { errors: [{ pointer: `/${name}` }] }),
    );
  });

  it('refuses a cursor of another list', async () => {
    for (const _ of [1, 2]) await aService(app);
    const other = new URL(nextOf(await app.request('GET', '/v1/services?limit=1')) ?? '', app.url);
    const cursor = other.searchParams.get('cursor') ?? '';
    expect(await ask({ cursor })).toMatchObject(problem(400, 'invalid-cursor'));
  });

  it('finds what it is asked for by an index, whatever is asked', async () => {
    await insert('many', 5000);
    await app.database.transaction((tx) => tx.query('analyze audit_log'));
    const asked = ['subject', 'actor', 'action'];
    const plans = await Promise.all(
      asked.map((column) =>
        app.database.query<Record<string, string>>(
          `plan-${column}`,
          `explain select * from audit_log where ${column} = 'nobody' order by at desc, id desc limit 51`,
          [],
        ),
      ),
    );
    expect(plans.map((plan) => /using (\w+)/.exec(JSON.stringify(plan))?.[1])).toEqual(
      asked.map((column) => `audit_log_${column}`),
    );
    expect((await ask({ action: 'nothing' })).body.items).toEqual([]);
  });
});
