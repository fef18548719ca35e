import { type TestApplication, startApplication } from '../support/application.js';
import { anEnvironment, aService, aSlot } from '../support/fixtures.js';

let app: TestApplication;

beforeAll(async () => {
  app = await startApplication();
});
afterAll(() => app.close());

describe('an environment', () => {
  it('is made by the first PUT and changed by the next', async () => {
    const made = await app.request('PUT', '/v1/environments/qa', { body: { tier: 'staging', description: 'Tests' } });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ slug: 'qa', tier: 'staging', description: 'Tests' });
    const changed = await app.request('PUT', '/v1/environments/qa', {
      body: { tier: 'staging', description: 'Trials' },
    });
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject({ description: 'Trials', createdAt: made.body.createdAt });
  });

  it('stays as it is when the same is put again', async () => {
    const body = { tier: 'staging', description: 'Tests' };
    const made = await app.request('PUT', '/v1/environments/same', { body });
    expect((await app.request('PUT', '/v1/environments/same', { body })).body).toEqual(made.body);
  });

  it('is changed only by who has read its present state, if they say so', async () => {
    const { slug } = await anEnvironment(app);
    const path = `/v1/environments/${slug}`;
    const put = (description: string, etag: string) =>
      app.request('PUT', path, { body: { tier: 'staging', description }, headers: { 'if-match': etag } });
    const etag = String((await app.request('GET', path)).headers.get('etag'));
    const [first, second] = [await put('mine', etag), await put('theirs', etag)];
    expect([first.status, second.status]).toEqual([200, 412]);
    expect((await app.request('GET', path)).body.description).toBe('mine');
  });

  it('is not made by a PUT that expects it to be there', async () => {
    const body = { tier: 'staging' };
    const answer = await app.request('PUT', '/v1/environments/expected', { body, headers: { 'if-match': '"x"' } });
    expect(answer.status).toBe(412);
    expect((await app.request('GET', '/v1/environments/expected')).status).toBe(404);
  });

  it('has one of three tiers', async () => {
    const answer = await app.request('PUT', '/v1/environments/odd', { body: { tier: 'prod' } });
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toEqual([expect.objectContaining({ pointer: '/tier' })]);
  });

  it('is made once by many that put it at the same time', async () => {
    const body = { tier: 'staging' };
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => app.request('PUT', '/v1/environments/race', { body })),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([...Array(9).fill(200), 201]);
  });
});

describe('a service', () => {
  it('is found by its slug, and among the others', async () => {
    const { slug } = await aService(app);
    expect((await app.request('GET', `/v1/services/${slug}`)).body).toMatchObject({ slug, owner: 'payments' });
    const { items } = (await app.request('GET', '/v1/services')).body;
    expect(items.map((service: { slug: string }) => service.slug)).toContain(slug);
  });

  it('is put by an admin only', async () => {
    const answer = await app.request('PUT', '/v1/services/new', { body: {}, token: app.tokens.operator });
    expect(answer.status).toBe(403);
  });

  it('keeps a name that fits into paths', async () => {
    expect((await app.request('PUT', '/v1/services/Checkout', { body: {} })).status).toBe(422);
  });
});

describe('the hosts of a slot', () => {
  const hosts = [{ name: 'a', url: 'http://127.0.0.1:8080' }];

  it('are not there until they are put, and then as they were put', async () => {
    const { path } = await aSlot(app, { gate: null });
    const before = await app.request('GET', `${path}/hosts`);
    expect(before.status).toBe(404);
    expect(before.body.type).toMatch(/hosts-not-found$/);
    const put = await app.request('PUT', `${path}/hosts`, { body: { hosts }, token: app.tokens.operator });
    expect(put.body).toEqual({ hosts });
    expect((await app.request('GET', `${path}/hosts`)).body).toEqual({ hosts });
  });

  it('are replaced as a whole, by who has read the present ones', async () => {
    const { path } = await aSlot(app, { gate: null, hosts });
    const etag = String((await app.request('GET', `${path}/hosts`)).headers.get('etag'));
    const headers = { 'if-match': etag };
    expect((await app.request('PUT', `${path}/hosts`, { body: { hosts: [] }, headers })).status).toBe(200);
    expect((await app.request('PUT', `${path}/hosts`, { body: { hosts }, headers })).status).toBe(412);
    expect((await app.request('GET', `${path}/hosts`)).body).toEqual({ hosts: [] });
  });

  it('may be names and addresses that are judged when a gate has to probe them', async () => {
    const { path } = await aSlot(app, { gate: null });
    const named = [
      { name: 'a', url: 'http://no-such-host.invalid' },
      { name: 'b', url: 'http://10.1.2.3' },
    ];
    expect((await app.request('PUT', `${path}/hosts`, { body: { hosts: named } })).status).toBe(200);
  });

  it.each([
    ['/hosts/1/name', [...hosts, { name: 'a', url: 'http://127.0.0.1:8081' }]],
    ['/hosts/0/url', [{ name: 'a', url: 'ftp://127.0.0.1' }]],
    ['/hosts/0/url', [{ name: 'a', url: 'http://user:secret@127.0.0.1' }]],
    ['/hosts/0/url', [{ name: 'a', url: '127.0.0.1:80' }]],
    ['/hosts/0/url', [{ name: 'a', url: 'http://127.0.0.1/?' }]],
    ['/hosts/0/url', [{ name: 'a', url: 'http://127.0.0.1#' }]],
    ['/hosts/0/url', [{ name: 'a', url: 'http://127.0.0.1/?x=1' }]],
    ['/hosts/0/url', [{ name: 'a', url: 'http://127.0.0.1/#x' }]],
    ['/hosts/0/url', [{ name: 'a', url: 'http://@127.0.0.1' }]],
    ['/hosts/0/url', [{ name: 'a', url: 'http://:@127.0.0.1' }]],
    ['/hosts/0/url', [{ name: 'a', url: 'http://[2002:a9fe:a9fe::1]' }]],
    ['/hosts/1/url', [...hosts, { name: 'b', url: 'http://[fe80::1]' }]],
    ['/hosts/0/url', [{ name: 'a', url: 'http://169.254.169.254' }]],
  ])('that are wrong at %s are refused there', async (pointer, wrong) => {
    const { path } = await aSlot(app, { gate: null });
    const answer = await app.request('PUT', `${path}/hosts`, { body: { hosts: wrong } });
    expect(answer.status).toBe(422);
    expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).toEqual([pointer]);
  });
});
