import { type TestApplication, startApplication } from '../support/application.js';
import { aRelease, aService, digestOf } from '../support/fixtures.js';

let app: TestApplication;

beforeAll(async () => {
  app = await startApplication();
});
afterAll(() => app.close());

describe('a release', () => {
  const content = {
    version: '1.4.2',
    gitSha: 'a'.repeat(40),
    builtAt: '2026-01-05T11:00:00+01:00',
    commits: [{ sha: 'b'.repeat(40), committedAt: '2026-01-05T09:00:00Z', merge: true }],
  };

  it('is registered once, and welcome again as long as it is the same', async () => {
    const { slug } = await aService(app);
    const path = `/v1/services/${slug}/releases/${digestOf('same')}`;
    const first = await app.request('PUT', path, { body: content, token: app.tokens.deployer });
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({ service: slug, version: '1.4.2', builtAt: '2026-01-05T10:00:00.000Z' });

    const sameInUtc = { ...content, builtAt: '2026-01-05T10:00:00.000Z' };
    const again = await app.request('PUT', path, { body: sameInUtc, token: app.tokens.deployer });
    expect(again.status).toBe(200);
    expect(again.body).toEqual(first.body);
    expect((await app.request('GET', path)).body).toEqual(first.body);
  });

  it('never changes: another content under its digest is refused, and the fields are named', async () => {
    const release = await aRelease(app);
    const path = `/v1/services/${release.service}/releases/${release.digest}`;
    const other = { ...content, version: release.version, gitSha: release.gitSha, builtAt: release.builtAt };
    const answer = await app.request('PUT', path, { body: other });
    expect(answer.status).toBe(409);
    expect(answer.body.type).toMatch(/release-differs$/);
    expect(answer.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(['/commits']);
  });

  it('is made once by many that put it at the same time', async () => {
    const { slug } = await aService(app);
    const path = `/v1/services/${slug}/releases/${digestOf('many')}`;
    const answers = await Promise.all(Array.from({ length: 12 }, () => app.request('PUT', path, { body: content })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([...Array(11).fill(200), 201]);
  });

  it.each([
    ['/gitSha', { ...content, gitSha: 'main' }],
    ['/version', { ...content, version: '' }],
    ['/builtAt', { ...content, builtAt: '9999-12-31T23:59:59-12:00' }],
    ['/builtAt', { ...content, builtAt: '0001-01-01T00:00:00+14:00' }],
    ['/commits/0/committedAt', { ...content, commits: [{ sha: 'b'.repeat(40), committedAt: 'yesterday' }] }],
    ['/color', { ...content, color: 'red' }],
  ])('that is wrong at %s is refused there', async (pointer, body) => {
    const { slug } = await aService(app);
    const answer = await app.request('PUT', `/v1/services/${slug}/releases/${digestOf('wrong')}`, { body });
    expect(answer.status).toBe(422);
    expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer);
  });

  it('belongs to a service that is known', async () => {
    const answer = await app.request('PUT', `/v1/services/nobody/releases/${digestOf('x')}`, { body: content });
    expect(answer.status).toBe(404);
    expect(answer.body.type).toMatch(/service-not-found$/);
  });

  it('is listed with the number of its commits, and shown with all of them', async () => {
    const { service, digest } = await aRelease(app);
    const before = await aRelease(app, { service });
    // As the version before put it, which did not count.
    await app.database.query('uncounted', 'UPDATE releases SET commit_count = NULL WHERE digest = $1', [before.digest]);
    const { body } = await app.request('GET', `/v1/services/${service}/releases`);
    expect(body.items.map((item: object) => [Object.keys(item).includes('commits'), item])).toEqual([
      [false, expect.objectContaining({ digest: before.digest, commitCount: 1 })],
      [false, expect.objectContaining({ digest, commitCount: 1 })],
    ]);
    const release = await app.request('GET', `/v1/services/${service}/releases/${digest}`);
    expect(release.body.commits).toHaveLength(1);
  });

  it('is listed with its service, newest first', async () => {
    const { slug } = await aService(app);
    for (const version of ['1', '2', '3']) await aRelease(app, { service: slug, version });
    const first = await app.request('GET', `/v1/services/${slug}/releases?limit=2`);
    expect(first.body.items.map(({ version }: { version: string }) => version)).toEqual(['3', '2']);
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1];
    const second = await app.request('GET', String(next));
    expect(second.body.items.map(({ version }: { version: string }) => version)).toEqual(['1']);
    expect(second.headers.get('link')).toBeNull();
  });
});
