import { randomUUID } from 'node:crypto';
import { type Answer, problem, startApplication, type TestApplication } from '../support/application.js';

describe('pages', () => {
  let app: TestApplication;
  let names: string[];

  beforeAll(async () => {
    app = await startApplication({
      withoutTokens: true,
      settings: { bootstrapAdminToken: 'plm_paging-paging-paging-paging' },
    });
    names = Array.from({ length: 7 }, (_, n) => `token ${n}`);
    for (const name of names) {
      await app.request('POST', '/v1/tokens', {
        token: 'plm_paging-paging-paging-paging',
        body: { name, role: 'viewer' },
      });
    }
    // As if all had been made in the same millisecond: the id decides.
    await app.database.query('same-time', "UPDATE tokens SET created_at = '2026-01-01T00:00:00Z'", []);
  });

  afterAll(() => app.close());

  function list(query: string): Promise<Answer> {
    return app.request('GET', `/v1/tokens${query}`, { token: 'plm_paging-paging-paging-paging' });
  }

  async function walk(query: string): Promise<string[]> {
    const seen: string[] = [];
    for (let at: string | undefined = `/v1/tokens${query}`; at !== undefined;) {
      const answer: Answer = await list(at.replace('/v1/tokens', ''));
      seen.push(...answer.body.items.map(({ name }: { name: string }) => name));
      at = nextOf(answer);
    }
    return seen;
  }

  it.each([1, 2, 3, 7, 8, 9, 200])('show each item once, newest first, %d at a time', async (limit) => {
    expect(await walk(`?limit=${limit}`)).toEqual([...names.toReversed(), 'bootstrap']);
  });

  it('name the next page only where there is one', async () => {
    expect(nextOf(await list('?limit=7'))).toMatch(/^\/v1\/tokens\?limit=7&cursor=[\w-]+$/);
    expect(nextOf(await list('?limit=8'))).toBeUndefined();
  });

  it('neither repeat nor leave out what was there, though something is made between two pages', async () => {
    const first = await list('?limit=4');
    await app.request('POST', '/v1/tokens', {
      token: 'plm_paging-paging-paging-paging',
      body: { name: 'late', role: 'viewer' },
    });
    const second = await list((nextOf(first) ?? '').replace('/v1/tokens', ''));
    const seen = [...first.body.items, ...second.body.items].map(({ name }: { name: string }) => name);
    expect(seen).toEqual([...names.toReversed(), 'bootstrap']);
  });

  it.each(['0', '201', '-1', '1.5', 'x', ''])('answer 422 to the limit %p', async (limit) => {
    const answer = await list(`?limit=${limit}`);
    expect([answer.status, answer.body.errors?.[0].pointer]).toEqual([422, '/limit']);
  });

  it.each([
    ['that is nonsense', () => 'zzz'],
    ['that is empty', () => ''],
    ['that is huge', () => 'x'.repeat(4000)],
    ['with U+0000', (name: string) => encodeCursor(`${name} 1767225600000 ${randomUUID().slice(1)}\0`)],
    ['whose id is none', (name: string) => encodeCursor(`${name} 1767225600000 ' OR true --`)],
    ['whose time is none', (name: string) => encodeCursor(`${name} 1e9 ${randomUUID()}`)],
    ['beyond the end of time', (name: string) => encodeCursor(`${name} 999999999999999 ${randomUUID()}`)],
  ])('answer 400 to a cursor %s', async (_what, cursorIn) => {
    const [name = ''] = decodeCursor(nextOf(await list('?limit=1'))).split(' ');
    expect(await list(`?cursor=${cursorIn(name)}`)).toMatchObject(problem(400, 'invalid-cursor'));
    expect((await list(`?cursor=${encodeCursor(`${name} 1767225600000 ${randomUUID()}`)}`)).status).toBe(200);
  });

  it('answer 400 to a cursor of another list, and not to one of the same list with another filter', async () => {
    const token = 'plm_paging-paging-paging-paging';
    for (const slug of ['one', 'two']) await app.request('PUT', `/v1/services/${slug}`, { token, body: {} });
    const next = nextOf(await app.request('GET', '/v1/services?limit=1', { token })) ?? '';
    expect((await app.request('GET', next.replace('limit=1', 'limit=2'), { token })).status).toBe(200);
    const answer = await app.request('GET', next.replace('services', 'environments'), { token });
    expect(answer).toMatchObject(problem(400, 'invalid-cursor'));
  });

  it('answer 422 to a cursor that is given twice', async () => {
    expect((await list('?cursor=a&cursor=b')).status).toBe(422);
  });
});

function nextOf({ headers }: Answer): string | undefined {
  return /^<(.*)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1];
}

function encodeCursor(text: string): string {
  return Buffer.from(text).toString('base64url');
}

function decodeCursor(next = ''): string {
  return Buffer.from(new URL(next, 'http://localhost').searchParams.get('cursor') ?? '', 'base64url').toString();
}
