import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { DriftGauge } from '../../src/delivery/deployments/slots/drift-gauge.js';
import { EventStreams, STREAM_TIMES } from '../../src/delivery/events/event-streams.js';
import { Shutdown } from '../../src/operations/lifecycle/shutdown.js';
import { anAlert, sendAlerts } from '../support/alerts.js';
import { problem, startApplication, type TestApplication } from '../support/application.js';
import { deploymentRequests } from '../support/deployment-requests.js';
import { EventClient } from '../support/event-client.js';
import { eventually } from '../support/eventually.js';
import { aSlot, digestOf, type SlotFixture } from '../support/fixtures.js';

const providers = [{ provide: STREAM_TIMES, useValue: { heartbeatMs: 50, judgeTokensMs: 50 } }];

let app: TestApplication;
const clients: EventClient[] = [];

beforeAll(async () => {
  app = await startApplication({ providers });
});
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});
afterAll(() => app.close());

const { ship } = deploymentRequests(() => app);

async function follow(...args: Parameters<typeof EventClient.open> extends [unknown, ...infer Rest] ? Rest : never) {
  const client = await EventClient.open(app, ...args);
  clients.push(client);
  return client;
}

const ofSlot = ({ service, environment }: SlotFixture) => `?service=${service}&environment=${environment}`;

const SHIPPED = ['deployment.create', 'deployment.deployed', 'deployment.verdict-promote'];

/** An event of a slot in a transaction that the test ends. */
async function anOpenTransaction(): Promise<Client> {
  const client = new Client({ connectionString: app.databaseUrl });
  await client.connect();
  await client.query('begin');
  const data = JSON.stringify({ service: 'late', environment: 'late' });
  const insert = `insert into events (id, type, data, created_at) values ($1, 'test.late', $2, now())`;
  await client.query(insert, [randomUUID(), data]);
  return client;
}

describe('/v1/events', () => {
  it('tells of a deployment as it happens, by what others know it by', async () => {
    const slot = await aSlot(app);
    const client = await follow(ofSlot(slot));
    const { deployment, digest, version } = await ship(slot);
    await eventually(async () => expect(client.types).toEqual(SHIPPED));
    expect(client.frames.at(-1)?.data).toMatchObject({
      id: expect.any(String),
      type: 'deployment.verdict-promote',
      at: expect.stringMatching(/Z$/),
      service: slot.service,
      environment: slot.environment,
      deploymentId: deployment,
      incidentId: null,
      release: { digest, version },
      data: { state: 'promoted', kind: 'deploy', reasons: [{ code: 'ungated' }] },
    });
    expect(client.frames.at(-1)?.data.data).not.toHaveProperty('releaseId');
  });

  it('tells of incidents', async () => {
    const slot = await aSlot(app);
    const { service, environment } = slot;
    const client = await follow(ofSlot(slot));
    const alert = anAlert({ startsAt: '2026-01-05T10:00:00Z', labels: { alertname: 'Slow', service, environment } });
    await sendAlerts(app, [alert]);
    await sendAlerts(app, [{ ...alert, status: 'resolved', endsAt: '2026-01-05T10:05:00Z' }]);
    await eventually(async () => expect(client.types).toEqual(['incident.detected', 'incident.resolved']));
    expect(client.frames[1]?.data).toMatchObject({ data: { fingerprint: alert.fingerprint, status: 'resolved' } });
  });

  it('tells of drift once when it begins, and once when it ends', async () => {
    const slot = await aSlot(app, { hosts: [{ name: 'a', url: 'http://127.0.0.1:1' }] });
    const { digest } = await ship(slot);
    const client = await follow(ofSlot(slot));
    const observe = async (seen: string) => {
      const { status } = await app.request('POST', `${slot.path}/observations`, { body: { host: 'a', digest: seen } });
      expect(status).toBe(202);
      // As two instances would, and again later.
      await Promise.all([app.nest.get(DriftGauge).look(), app.nest.get(DriftGauge).look()]);
      await app.nest.get(DriftGauge).look();
    };
    for (const seen of [digestOf('old'), digestOf('older'), digest, digest]) await observe(seen);
    await eventually(async () => expect(client.types).toEqual(['drift.began', 'drift.ended']));
    expect(client.frames[0]?.data.data).toEqual({
      hosts: [{ host: 'a', observedDigest: digestOf('old'), runningDigest: digest }],
    });
  });

  it('goes on after the last event that the client had, without a gap and without a repetition', async () => {
    const slot = await aSlot(app);
    const first = await follow(ofSlot(slot));
    await ship(slot);
    await eventually(async () => expect(first.types).toEqual(SHIPPED));
    first.close();
    await ship(slot);
    const second = await follow(ofSlot(slot), { lastEventId: first.frames[1]?.id ?? '' });
    await ship(slot);
    await eventually(async () => expect(second.types).toEqual([...SHIPPED.slice(2), ...SHIPPED, ...SHIPPED]));
    const ids = second.frames.map(({ id }) => Number(id));
    expect(ids).toEqual([...ids].sort((one, other) => one - other));
  });

  it.each(['commit', 'rollback'])('waits for an event whose transaction ends late, with %s', async (end) => {
    const slot = await aSlot(app);
    const client = await follow();
    const open = await anOpenTransaction();
    await ship(slot);
    await eventually(async () => expect(client.comments).toBeGreaterThan(3));
    expect(client.types).toEqual([]);
    await open.query(end);
    await open.end();
    await eventually(async () =>
      expect(client.types).toEqual([...(end === 'commit' ? ['test.late'] : []), ...SHIPPED]),
    );
  });

  it('sends a comment while nothing happens', async () => {
    const client = await follow('?service=nothing-happens');
    await eventually(async () => expect(client.comments).toBeGreaterThan(2));
    expect(client.frames).toEqual([]);
  });

  it('ends when its token is revoked, and no other stream does', async () => {
    const { id, token } = (await app.request('POST', '/v1/tokens', { body: { name: 'brief', role: 'viewer' } })).body;
    const [revoked, other] = [await follow('', { token }), await follow()];
    await app.request('DELETE', `/v1/tokens/${id}`);
    await eventually(async () => expect(revoked.isOver).toBe(true));
    expect(other.isOver).toBe(false);
  });

  it('takes the token of a browser in the cookie of the board, until it is revoked', async () => {
    const { id, token } = (await app.request('POST', '/v1/tokens', { body: { name: 'board', role: 'viewer' } })).body;
    const browser = await follow('', { cookie: `theme=dark; plimsoll_token=${token}` });
    expect(browser.status).toBe(200);
    await app.request('DELETE', `/v1/tokens/${id}`);
    await eventually(async () => expect(browser.isOver).toBe(true));
  });

  it('takes no cookie that another site sent along, nor does any other route', async () => {
    const headers = { cookie: `plimsoll_token=${app.tokens.admin}` };
    const statusOf = async (method: string, path: string, more: object = {}) =>
      (await app.request(method, path, { token: null, headers: { ...headers, ...more } })).status;
    expect(await statusOf('GET', '/v1/events', { 'sec-fetch-site': 'cross-site' })).toBe(401);
    expect(await statusOf('GET', '/v1/events', { 'sec-fetch-site': 'same-site' })).toBe(401);
    expect(await statusOf('GET', '/v1/deployments')).toBe(401);
    expect(await statusOf('POST', '/v1/sinks/tools/test')).toBe(401);
  });

  it('shows a token that is bound to a service that one alone, and a reporter nothing', async () => {
    const [own, other] = [await aSlot(app), await aSlot(app)];
    const body = { name: 'bound', role: 'viewer', service: own.service };
    const { token } = (await app.request('POST', '/v1/tokens', { body })).body;
    const client = await follow('', { token });
    await ship(other);
    await ship(own);
    await eventually(async () => expect(client.types).toEqual(SHIPPED));
    expect(client.frames[0]?.data.service).toBe(own.service);
    const refused = [await follow(ofSlot(other), { token }), await follow('', { token: app.tokens.reporter })];
    expect(refused.map(({ status }) => status)).toEqual([403, 403]);
  });

  it('forgets a client that has gone', async () => {
    const streams = app.nest.get(EventStreams);
    await eventually(async () => expect(streams.count).toBe(0));
    const client = await follow();
    expect(streams.count).toBe(1);
    client.close();
    await eventually(async () => expect(streams.count).toBe(0));
  });

  it('ends every stream with a time to come back when the instance drains, and takes no new one', async () => {
    const draining = await startApplication({ providers, databaseUrl: app.databaseUrl, withoutTokens: true });
    try {
      const token = app.tokens.viewer;
      const open = await Promise.all(Array.from({ length: 20 }, () => EventClient.open(draining, '', { token })));
      draining.nest.get(Shutdown).beginDraining();
      await eventually(async () => expect(open.every(({ isOver }) => isOver)).toBe(true));
      for (const { frames } of open)
        expect(frames).toMatchObject([{ event: 'end', retry: expect.stringMatching(/^\d+$/) }]);
      const answer = await draining.request('GET', '/v1/events', { token });
      expect(answer).toMatchObject(problem(503, 'overloaded'));
    } finally {
      await draining.close();
    }
  });
});
