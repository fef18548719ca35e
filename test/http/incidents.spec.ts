import { register } from 'prom-client';
import { IncidentsGauge } from '../../src/delivery/incidents/record/incidents-gauge.js';
import { anAlert, sendAlerts } from '../support/alerts.js';
import { problem, startApplication, type TestApplication } from '../support/application.js';
import { deploymentRequests } from '../support/deployment-requests.js';
import { aDeployment, aRelease, aSlot, digestOf, type SlotFixture } from '../support/fixtures.js';
import { FakeClock } from '../support/fake-clock.js';

let app: TestApplication;
const clock = new FakeClock();

beforeAll(async () => {
  app = await startApplication({ clock });
});
afterAll(() => app.close());

const { report, rollBack, ship } = deploymentRequests(() => app);

const MINUTE_MS = 60_000;

const inMinutes = (minutes: number, from: Date = clock.now()): string =>
  new Date(from.getTime() + minutes * MINUTE_MS).toISOString();

/** An alert of the slot's service and environment, as it is kept. */
async function anIncident(slot: SlotFixture, startsAt: string, labels: Record<string, string> = {}) {
  const { service, environment } = slot;
  const alert = anAlert({ startsAt, labels: { alertname: 'Slow', service, environment, ...labels } });
  await sendAlerts(app, [alert]);
  const { body } = await app.request('GET', `/v1/incidents?service=${service}&limit=200`);
  return body.items.find(({ fingerprint }: { fingerprint: string }) => fingerprint === alert.fingerprint);
}

const patch = (id: string, body: object, headers: Record<string, string> = {}, token = app.tokens.operator) =>
  app.request('PATCH', `/v1/incidents/${id}`, { token, body, headers });

const byHand = (body: object, token = app.tokens.operator) => app.request('POST', '/v1/incidents', { token, body });

const goodOf = async (slot: SlotFixture): Promise<string | null> =>
  (await app.request('GET', slot.path)).body.lastKnownGood?.digest ?? null;

describe('an incident', () => {
  it.each([
    ['as it is deployed', 0, true],
    ['a moment before', -0.001, false],
    ['almost 2 h later', 119.999, true],
    ['2 h later', 120, false],
  ])('that starts %s is attributed by its window, or not at all', async (_when, minutes, isAttributed) => {
    const slot = await aSlot(app);
    const { deployment } = await ship(slot);
    const { deployedAt } = (await app.request('GET', `/v1/deployments/${deployment}`)).body;
    const incident = await anIncident(slot, inMinutes(minutes, new Date(deployedAt)));
    const expected = isAttributed
      ? { deploymentId: deployment, attribution: 'window' }
      : { deploymentId: null, attribution: 'none' };
    expect(incident).toMatchObject(expected);
  });

  it('is the next deployment’s once that has reached its hosts, also where it failed there', async () => {
    const slot = await aSlot(app);
    await ship(slot);
    clock.advance(10 * MINUTE_MS);
    const { digest } = await aRelease(app, { service: slot.service });
    const failing = await aDeployment(app, { ...slot, digest });
    expect(await anIncident(slot, inMinutes(0))).not.toMatchObject({ deploymentId: failing.id });
    await report(failing.id, 'failed', { fence: failing.fence, reason: 'half of them', hostsChanged: true });
    expect(await anIncident(slot, inMinutes(1))).toMatchObject({ deploymentId: failing.id, attribution: 'window' });
  });

  it('is the deployment’s that its label names, however long ago, and gets its service and environment', async () => {
    const slot = await aSlot(app);
    const { deployment } = await ship(slot);
    clock.advance(600 * MINUTE_MS);
    await ship(slot);
    expect(await anIncident(slot, inMinutes(0), { deployment })).toMatchObject({
      deploymentId: deployment,
      attribution: 'label',
    });
    const bare = anAlert({ labels: { deployment } });
    await sendAlerts(app, [bare]);
    const { items } = (await app.request('GET', `/v1/incidents?service=${slot.service}`)).body;
    expect(items).toContainEqual(
      expect.objectContaining({ fingerprint: bare.fingerprint, environment: slot.environment, attribution: 'label' }),
    );
  });

  it('is the newest deployment’s by then of the release whose digest it names', async () => {
    const slot = await aSlot(app);
    const { digest } = await ship(slot);
    clock.advance(MINUTE_MS);
    const again = await aDeployment(app, { ...slot, digest, body: { kind: 'redeploy' }, state: 'verifying' });
    const then = inMinutes(0);
    clock.advance(300 * MINUTE_MS);
    await aDeployment(app, { ...slot, digest, body: { kind: 'redeploy' }, state: 'verifying' });
    await ship(slot);
    expect(await anIncident(slot, then, { digest })).toMatchObject({ deploymentId: again.id, attribution: 'label' });
  });

  it.each(['deployment', 'digest'])(
    'is attributed by its window where the %s that it names is not there',
    async (name) => {
      const slot = await aSlot(app);
      const { deployment } = await ship(slot);
      const elsewhere = await ship(await aSlot(app));
      const value = name === 'digest' ? digestOf('nowhere') : elsewhere.deployment;
      const incident = await anIncident(slot, inMinutes(0), { [name]: value });
      expect(incident).toMatchObject({ deploymentId: deployment, attribution: 'window' });
    },
  );

  it('keeps what it was attributed to first, whatever is told later', async () => {
    const slot = await aSlot(app);
    const startsAt = inMinutes(0);
    const { id, fingerprint } = await anIncident(slot, startsAt);
    await ship(slot);
    const { service, environment } = slot;
    await sendAlerts(app, [anAlert({ fingerprint, startsAt, endsAt: inMinutes(3), labels: { service, environment } })]);
    const { body } = await app.request('GET', `/v1/incidents/${id}`);
    expect(body).toMatchObject({ status: 'resolved', attribution: 'none', deploymentId: null });
  });

  it('takes its release out of last known good, where one looks and where one goes back to it', async () => {
    const slot = await aSlot(app);
    const good = await ship(slot);
    clock.advance(MINUTE_MS);
    await ship(slot);
    clock.advance(MINUTE_MS);
    await anIncident(slot, inMinutes(0));
    expect(await goodOf(slot)).toBe(good.digest);
    clock.advance(MINUTE_MS);
    const newest = await ship(slot);
    expect(await goodOf(slot)).toBe(newest.digest);
    expect((await rollBack(slot)).body.release.digest).toBe(good.digest);
  });

  it('gives the release back when a person takes it from its deployment', async () => {
    const slot = await aSlot(app);
    const older = await ship(slot);
    clock.advance(MINUTE_MS);
    const newer = await ship(slot);
    const { id } = await anIncident(slot, inMinutes(0));
    expect(await goodOf(slot)).toBe(older.digest);
    await patch(id, { deploymentId: older.deployment });
    expect(await goodOf(slot)).toBe(newer.digest);
    const { body } = await patch(id, { deploymentId: null });
    expect(body).toMatchObject({ deploymentId: null, attribution: 'none' });
  });
});

describe('PATCH of an incident', () => {
  it('resolves it and attributes it by hand, and both are in the audit log with who did it', async () => {
    const slot = await aSlot(app);
    const incident = await anIncident(slot, inMinutes(0));
    const { deployment } = await ship(slot);
    const answer = await patch(incident.id, { deploymentId: deployment, status: 'resolved' });
    const now = clock.now().toISOString();
    expect(answer).toMatchObject({
      status: 200,
      body: { status: 'resolved', endsAt: now, deploymentId: deployment, attribution: 'manual' },
    });
    const sql = 'select action, actor, before, after from audit_log where subject = $1 order by id';
    expect(await app.database.query('audit-of-incident', sql, [incident.id])).toMatchObject([
      { action: 'incident.detected', actor: 'reporter', before: null },
      {
        action: 'incident.resolved',
        actor: 'operator',
        before: { status: 'firing', deploymentId: null },
        after: { status: 'resolved', deploymentId: deployment, attribution: 'manual' },
      },
    ]);
  });

  it('is refused where the incident is no longer the one that was read', async () => {
    const slot = await aSlot(app);
    const { id } = await anIncident(slot, inMinutes(0));
    const etag = (await app.request('GET', `/v1/incidents/${id}`)).headers.get('etag') ?? '';
    const answer = await patch(id, { status: 'resolved' }, { 'if-match': etag });
    expect([answer.status, answer.headers.get('etag')]).toEqual([200, expect.stringMatching(/^"/)]);
    expect(await patch(id, { deploymentId: null }, { 'if-match': etag })).toMatchObject(
      problem(412, 'precondition-failed'),
    );
    const { headers } = await app.request('GET', `/v1/incidents/${id}`);
    expect(headers.get('etag')).toBe(answer.headers.get('etag'));
  });

  it('knows no deployment of another slot, no other status, and no other incident', async () => {
    const slot = await aSlot(app);
    const { id } = await anIncident(slot, inMinutes(0));
    const { deployment } = await ship(await aSlot(app));
    const errors = [expect.objectContaining({ pointer: '/deploymentId' })];
    expect(await patch(id, { deploymentId: deployment })).toMatchObject(problem(422, 'validation-failed', { errors }));
    expect((await patch(id, { status: 'firing' })).status).toBe(422);
    expect(await patch(deployment, { status: 'resolved' })).toMatchObject(problem(404, 'incident-not-found'));
    expect((await patch('nothing', { status: 'resolved' })).status).toBe(404);
    expect((await patch(id, { status: 'resolved' }, {}, app.tokens.deployer)).status).toBe(403);
  });

  it('is not undone by Alertmanager, which tells of the same alert again', async () => {
    const slot = await aSlot(app);
    const startsAt = inMinutes(0);
    const { id, fingerprint } = await anIncident(slot, startsAt);
    await patch(id, { status: 'resolved' });
    await sendAlerts(app, [anAlert({ fingerprint, startsAt })]);
    expect((await app.request('GET', `/v1/incidents/${id}`)).body.status).toBe('resolved');
  });
});

describe('an incident by hand', () => {
  it('has a fingerprint of its own, and is attributed to the deployment that it names or by its window', async () => {
    const slot = await aSlot(app);
    const { deployment } = await ship(slot);
    const { service, environment } = slot;
    const told = { service, environment, title: 'Orders are lost' };
    const [named, timed] = [await byHand({ ...told, deploymentId: deployment }), await byHand(told)];
    expect(named).toMatchObject({
      status: 201,
      body: { status: 'firing', title: 'Orders are lost', deploymentId: deployment, attribution: 'manual', labels: {} },
    });
    expect(timed.body).toMatchObject({ deploymentId: deployment, attribution: 'window' });
    expect(named.body.fingerprint).not.toBe(timed.body.fingerprint);
  });

  it('names what is wrong with it', async () => {
    const { service, environment } = await aSlot(app);
    const times = { startsAt: inMinutes(0), endsAt: inMinutes(-1) };
    const pointers = async (body: object) =>
      (await byHand({ service, environment, title: 't', ...body })).body.errors.map(
        (error: { pointer: string }) => error.pointer,
      );
    expect(await pointers({ service: 'nobody', environment: 'nowhere', ...times })).toEqual([
      '/service',
      '/environment',
      '/endsAt',
    ]);
    expect(await pointers({ deploymentId: crypto.randomUUID() })).toEqual(['/deploymentId']);
    expect((await byHand({ service, environment, title: 't' }, app.tokens.deployer)).status).toBe(403);
  });
});

describe('the list of incidents', () => {
  it('is filtered by slot, status and start, newest first, and goes on where it ended', async () => {
    const slot = await aSlot(app);
    const starts = [0, 10, 20].map((minutes) => inMinutes(minutes));
    const made: { id: string }[] = [];
    for (const start of starts) {
      made.push(await anIncident(slot, start));
      clock.advance(1);
    }
    await patch(made[2]!.id, { status: 'resolved' });
    const path = `/v1/incidents?service=${slot.service}&environment=${slot.environment}`;
    const ids = async (query: string) =>
      (await app.request('GET', path + query)).body.items.map(({ id }: { id: string }) => id);
    const [first, second, third] = made.map(({ id }) => id);
    expect(await ids('')).toEqual([third, second, first]);
    expect(await ids('&status=resolved')).toEqual([third]);
    expect(await ids('&status=firing')).toEqual([second, first]);
    expect(await ids(`&from=${starts[0]}&to=${starts[2]}`)).toEqual([second, first]);
    const page = await app.request('GET', `${path}&limit=2`);
    const next = /<(.+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1] ?? '';
    expect((await app.request('GET', next)).body.items).toMatchObject([{ id: first }]);
    expect((await app.request('GET', `${path}&cursor=x`)).status).toBe(400);
  });

  it('shows a token that is bound to a service nothing of another', async () => {
    const slot = await aSlot(app);
    const { id } = await anIncident(slot, inMinutes(0));
    const other = await aSlot(app);
    const bound = { name: 'eyes', role: 'viewer', service: other.service, expiresAt: null };
    const { token } = (await app.request('POST', '/v1/tokens', { body: bound })).body;
    expect((await app.request('GET', '/v1/incidents', { token })).body.items).toEqual([]);
    expect((await app.request('GET', `/v1/incidents/${id}`, { token })).status).toBe(403);
    expect((await app.request('GET', `/v1/incidents/${id}`, { token: app.tokens.reporter })).status).toBe(403);
  });
});

describe('incidents_open', () => {
  it('counts those that have not ended', async () => {
    const open = async () => {
      await app.nest.get(IncidentsGauge).look();
      return (await register.getSingleMetric('incidents_open')?.get())?.values[0]?.value;
    };
    const before = (await open()) ?? 0;
    const { id } = await anIncident(await aSlot(app), inMinutes(0));
    expect(await open()).toBe(before + 1);
    await patch(id, { status: 'resolved' });
    expect(await open()).toBe(before);
  });
});
