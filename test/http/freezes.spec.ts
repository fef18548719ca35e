import { type Answer, problem, startApplication, type TestApplication } from '../support/application.js';
import { FakeClock } from '../support/fake-clock.js';
import { anEnvironment, aService, aSlot } from '../support/fixtures.js';

let app: TestApplication;
const clock = new FakeClock();

beforeAll(async () => {
  app = await startApplication({ clock });
});
afterAll(() => app.close());

const HOUR_MS = 60 * 60_000;
const inHours = (hours: number) => new Date(clock.now().getTime() + hours * HOUR_MS).toISOString();

const post = (body: object, token = app.tokens.operator) => app.request('POST', '/v1/freezes', { token, body });
const remove = (id: string, token = app.tokens.operator) => app.request('DELETE', `/v1/freezes/${id}`, { token });
const list = async (query: Record<string, string>) =>
  (await app.request('GET', `/v1/freezes?${new URLSearchParams(query)}`, { token: app.tokens.viewer })).body.items;
const reasonsOf = async (query: Record<string, string>) =>
  (await list(query)).map(({ reason }: { reason: string }) => reason);

/** A freeze that began an hour ago and goes on for another one. */
async function freeze(body: object): Promise<Answer['body']> {
  const answer = await post({ from: inHours(-1), to: inHours(1), reason: 'the holidays', ...body });
  expect(answer.status).toBe(201);
  return answer.body;
}

describe('a freeze that is planned', () => {
  it('is shown as it was given, and is in the list and in the audit log', async () => {
    const { slug: environment } = await anEnvironment(app);
    const weekly = { days: ['fri', 'sat'], from: '16:00', to: '08:00', timeZone: 'Europe/Berlin' };
    const { status, body } = await post({ environment, weekly, reason: 'weekends' });
    const always = { id: expect.any(String), actor: 'operator', createdAt: clock.now().toISOString() };
    const expected = { ...always, environment, service: null, from: null, to: null, weekly, reason: 'weekends' };
    expect([status, body]).toEqual([201, expected]);
    expect(await list({ environment })).toEqual([expected]);
    expect((await remove(body.id)).status).toBe(204);
    expect(await list({ environment })).toEqual([]);
    const sql = 'select action, actor, before, after from audit_log where subject = $1 order by id';
    expect(await app.database.query('audit-of-freeze', sql, [body.id])).toEqual([
      { action: 'freeze.create', actor: 'operator', before: null, after: expected },
      { action: 'freeze.delete', actor: 'operator', before: expected, after: null },
    ]);
  });

  const weekly = { days: ['fri'], from: '16:00', to: '23:59', timeZone: 'Europe/Berlin' };
  it.each([
    ['neither times nor weeks', {}, '/from'],
    ['no end', { from: '2026-12-24T00:00:00Z' }, '/to'],
    ['an end that is its begin', { from: '2026-12-24T00:00:00Z', to: '2026-12-24T00:00:00Z' }, '/to'],
    ['times beside weeks', { from: '2026-12-24T00:00:00Z', weekly }, '/from'],
    ['a zone that nobody knows', { weekly: { ...weekly, timeZone: 'Europe/Bremen' } }, '/weekly/timeZone'],
    ['a distance in place of a zone', { weekly: { ...weekly, timeZone: '+01:00' } }, '/weekly/timeZone'],
    ['an hour that no clock shows', { weekly: { ...weekly, to: '24:00' } }, '/weekly/to'],
    ['a day twice', { weekly: { ...weekly, days: ['fri', 'fri'] } }, '/weekly/days'],
    ['no day', { weekly: { ...weekly, days: [] } }, '/weekly/days'],
    ['an environment that is not there', { weekly, environment: 'nowhere' }, '/environment'],
    ['a service that is not there', { weekly, service: 'nothing' }, '/service'],
    ['what is not known', { weekly, until: 'soon' }, '/until'],
  ])('is refused with %s', async (_what, body, pointer) => {
    const refused = await post({ reason: 'a test', ...body });
    expect(refused).toMatchObject(problem(422, 'validation-failed', { errors: [{ pointer }] }));
  });

  it('takes an operator, and one for the service that it is for', async () => {
    const [own, other] = [await aService(app), await aService(app)];
    expect((await post({ weekly, reason: 'x' }, app.tokens.deployer)).status).toBe(403);
    const body = { name: 'bound', role: 'operator', service: own.slug };
    const { token } = (await app.request('POST', '/v1/tokens', { body })).body;
    expect((await post({ weekly, reason: 'x' }, token)).status).toBe(403);
    expect((await post({ weekly, reason: 'x', service: other.slug }, token)).status).toBe(403);
    const mine = await post({ weekly, reason: 'x', service: own.slug }, token);
    const theirs = await post({ weekly, reason: 'x', service: other.slug });
    expect([mine.status, theirs.status]).toEqual([201, 201]);
    expect((await remove(theirs.body.id, token)).status).toBe(403);
    expect((await remove(theirs.body.id, app.tokens.deployer)).status).toBe(403);
    for (const { body: made } of [mine, theirs]) expect((await remove(made.id)).status).toBe(204);
  });

  it('can be deleted once', async () => {
    const { id } = await freeze({ environment: (await anEnvironment(app)).slug });
    const [first, second] = await Promise.all([remove(id), remove(id)]);
    expect([first.status, second.status].sort()).toEqual([204, 404]);
    expect(await remove(id)).toMatchObject(problem(404, 'freeze-not-found'));
  });

  it('is one of 200 that are not over, however many are made at once', async () => {
    const { slug: environment } = await anEnvironment(app);
    const [row] = await app.database.query<{ count: number }>(
      'count-freezes',
      'select count(*)::int as count from freezes where weekly is not null or ends_at > $1',
      [clock.now()],
    );
    await app.database.query(
      'many-freezes',
      `insert into freezes select gen_random_uuid(), $1, null, $2::timestamptz, $2::timestamptz + interval '1 hour', null, 'x', 'x', $2::timestamptz
       from generate_series(1, $3::int)`,
      [environment, clock.now(), 199 - row!.count],
    );
    const body = { environment, from: inHours(5), to: inHours(6), reason: 'one too many' };
    const answers = await Promise.all([1, 2, 3].map(() => post(body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    const refused = answers.find(({ status }) => status === 409);
    expect(refused).toMatchObject(problem(409, 'too-many-freezes', { detail: expect.stringContaining('200') }));
    clock.advance(HOUR_MS);
    expect((await post(body)).status).toBe(201);
    await app.database.query('no-freezes', 'delete from freezes where environment = $1', [environment]);
  });
});

describe('the list of freezes', () => {
  it('has those that hold for the environment and the service, those for all included', async () => {
    const { service, environment } = await aSlot(app);
    const other = await aSlot(app);
    const reasons = { all: {}, here: { environment }, its: { service }, both: { environment, service } };
    const made = [];
    for (const [reason, scope] of Object.entries(reasons)) made.push(await freeze({ ...scope, reason }));
    await freeze({ environment: other.environment, service, reason: 'elsewhere' });
    await freeze({ environment, service: other.service, reason: 'another' });
    expect(await reasonsOf({ environment, service })).toEqual(['both', 'its', 'here', 'all']);
    expect(await reasonsOf({ environment })).toEqual(['another', 'both', 'its', 'here', 'all']);
    expect(await reasonsOf({ service })).toEqual(['elsewhere', 'both', 'its', 'here', 'all']);
    for (const { id } of made) await remove(id);
  });

  it('shows a token of one service what concerns that service', async () => {
    const { service, environment } = await aSlot(app);
    const other = await aService(app);
    await freeze({ environment, service });
    await freeze({ environment, service: other.slug });
    const body = { name: 'bound', role: 'viewer', service };
    const { token } = (await app.request('POST', '/v1/tokens', { body })).body;
    const { items } = (await app.request('GET', `/v1/freezes?environment=${environment}`, { token })).body;
    expect(items).toMatchObject([{ service }]);
    expect((await app.request('GET', `/v1/freezes?service=${other.slug}`, { token })).status).toBe(403);
  });

  it('comes in pages', async () => {
    const { slug: environment } = await anEnvironment(app);
    for (const reason of ['first', 'second', 'third']) await freeze({ environment, reason });
    const first = await app.request('GET', `/v1/freezes?environment=${environment}&limit=2`);
    const [, next = ''] = /^<(.+)>; rel="next"$/.exec(first.headers.get('link') ?? '') ?? [];
    const second = await app.request('GET', next);
    expect(first.body.items).toMatchObject([{ reason: 'third' }, { reason: 'second' }]);
    expect(second.body.items).toMatchObject([{ reason: 'first' }]);
  });

  it('tells the occurrences within a range, for a calendar', async () => {
    const { slug: environment } = await anEnvironment(app);
    const weekly = { days: ['sat', 'sun'], from: '22:00', to: '06:00', timeZone: 'Europe/Berlin' };
    await post({ environment, weekly, reason: 'nights' });
    await post({ environment, from: '2026-12-24T00:00:00Z', to: '2027-01-02T00:00:00Z', reason: 'holidays' });
    const [holidays, nights] = await list({ environment, from: '2026-10-24T00:00:00Z', to: '2026-10-26T00:00:00Z' });
    expect(holidays.occurrences).toEqual([]);
    // The night in which the clocks of Berlin show an hour twice, and the one after it.
    expect(nights.occurrences).toEqual([
      { from: '2026-10-24T20:00:00.000Z', to: '2026-10-25T05:00:00.000Z' },
      { from: '2026-10-25T21:00:00.000Z', to: '2026-10-26T05:00:00.000Z' },
    ]);
    const [later] = await list({ environment, from: '2027-01-01T23:00:00+01:00', to: '2027-01-05T00:00:00Z' });
    expect(later.occurrences).toEqual([{ from: '2026-12-24T00:00:00.000Z', to: '2027-01-02T00:00:00.000Z' }]);
  });

  it.each([
    ['half a range', { from: '2026-01-01T00:00:00Z' }, '/to'],
    ['a range that ends where it begins', { from: '2026-01-01T00:00:00Z', to: '2026-01-01T00:00:00Z' }, '/to'],
    ['more than a year', { from: '2026-01-01T00:00:00Z', to: '2027-01-02T00:00:00.001Z' }, '/to'],
  ])('refuses %s', async (_what, query: Record<string, string>, pointer) => {
    const refused = await app.request('GET', `/v1/freezes?${new URLSearchParams(query)}`);
    expect(refused).toMatchObject(problem(422, 'validation-failed', { errors: [{ pointer }] }));
  });
});
