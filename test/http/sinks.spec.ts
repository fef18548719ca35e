import { createHmac } from 'node:crypto';
import { register } from 'prom-client';
import { Secrets } from '../../src/operations/config/secrets.js';
import { type Settings, SETTINGS } from '../../src/operations/config/settings.js';
import { OutboxGauges } from '../../src/delivery/events/sinks/outbox-gauges.js';
import { anAlert, sendAlerts } from '../support/alerts.js';
import { problem, startApplication, type TestApplication } from '../support/application.js';
import { aReceiver, type Receiver } from '../support/a-receiver.js';
import { deploymentRequests } from '../support/deployment-requests.js';
import { eventually } from '../support/eventually.js';
import { aDeployment, anEnvironment, aSlot, type SlotFixture } from '../support/fixtures.js';

const SECRET = 'a-secret-of-many-characters';

let app: TestApplication;
let tools: Receiver;
let chat: Receiver;
let teams: Receiver;
let closed: Receiver;

const sinksOf = (list: readonly object[]) => ({
  sinks: list as never,
  probeAllow: ['127.0.0.1'],
  publicUrl: 'https://plimsoll.example.com/',
});

beforeAll(async () => {
  [tools, chat, teams, closed] = await Promise.all([aReceiver(), aReceiver(), aReceiver(), aReceiver()]);
  closed.close();
  app = await startApplication({
    settings: sinksOf([
      { name: 'closed', kind: 'cdevents', url: closed.url, secret: SECRET },
      { name: 'tools', kind: 'cdevents', url: `${tools.url}/hooks?key=hidden-key`, secret: SECRET },
      { name: 'chat', kind: 'slack', url: chat.url },
      { name: 'teams', kind: 'teams', url: teams.url },
      { name: 'elsewhere', kind: 'slack', url: 'http://10.1.2.3/hook' },
    ]),
  });
});
afterEach(() => {
  for (const receiver of [tools, chat, teams]) receiver.answer = () => 204;
});
afterAll(async () => {
  await app?.close();
  for (const receiver of [tools, chat, teams]) receiver.close();
});

const { ship } = deploymentRequests(() => app);

const stateOf = async (name: string) =>
  (await app.request('GET', '/v1/sinks')).body.items.find((sink: { name: string }) => sink.name === name);

/** The CDEvents of a slot that were received, in their order. */
const eventsOf = (slot: SlotFixture) =>
  tools.requests.map(({ body }) => JSON.parse(body)).filter(({ data }) => data.subject.id === slot.service);

const hmac = (text: string) => createHmac('sha256', SECRET).update(text);

const valueOf = async (name: string) => (await register.getSingleMetric(name)?.get())?.values[0]?.value;

const textsOf = (receiver: Receiver, word: string) =>
  receiver.requests.map(({ body }) => body).filter((body) => body.includes(word));

const act = (name: string, what: string, token = app.tokens.admin) =>
  app.request('POST', `/v1/sinks/${name}/${what}`, { token, body: {} });

describe('a sink of CDEvents', () => {
  it('is told of what reached its hosts, and of the verdict, while another sink does not answer', async () => {
    const slot = await aSlot(app);
    const first = await ship(slot);
    const second = await ship(slot);
    await eventually(() => expect(eventsOf(slot)).toHaveLength(4));
    const types = eventsOf(slot).map(({ type }) => type.replace('dev.cdevents.service.', ''));
    expect(types).toEqual(['deployed.0.3.0', 'deployed.0.3.0', 'upgraded.0.3.0', 'upgraded.0.3.0']);
    const verdicts = eventsOf(slot).map(({ data }) => data.customData.plimsoll.verdict);
    expect(verdicts).toEqual(['pending', 'promote', 'pending', 'promote']);
    const [event] = eventsOf(slot);
    expect(event).toMatchObject({
      specversion: '1.0',
      datacontenttype: 'application/json',
      data: {
        context: { id: event.id, type: event.type, source: event.source },
        subject: {
          type: 'service',
          content: {
            environment: { id: slot.environment },
            artifactId: `pkg:oci/${slot.service}@${first.digest.replace(':', '%3A')}`,
          },
        },
        customData: { plimsoll: { deploymentId: first.deployment } },
      },
    });
    expect(second.deployment).toBe(eventsOf(slot)[2].data.customData.plimsoll.deploymentId);
    expect(await stateOf('closed')).toMatchObject({
      lastSuccess: null,
      lastError: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('can prove who sent it, by both signatures', async () => {
    const slot = await aSlot(app);
    await ship(slot);
    await eventually(() => expect(eventsOf(slot)).toHaveLength(2));
    const { headers, body } = tools.requests.at(-1)!;
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
    expect(headers).toMatchObject({
      'content-type': 'application/cloudevents+json',
      'webhook-id': JSON.parse(body).id,
      'webhook-signature': `v1,${hmac(signed).digest('base64')}`,
      'x-plimsoll-signature-256': `sha256=${hmac(body).digest('hex')}`,
    });
  });

  it('gets everything in the order of its slot, though it fails in between', async () => {
    const slot = await aSlot(app);
    let failing = 2;
    tools.answer = () => (failing-- > 0 ? 503 : 204);
    const { deployment } = await ship(slot);
    await eventually(() => expect(eventsOf(slot)).toHaveLength(4));
    const verdicts = eventsOf(slot).map(({ data }) => data.customData.plimsoll.verdict);
    expect(verdicts).toEqual(['pending', 'pending', 'pending', 'promote']);
    expect(eventsOf(slot)[0].data.customData.plimsoll.deploymentId).toBe(deployment);
    await eventually(async () => expect(await stateOf('tools')).toMatchObject({ pending: 0, oldestSeconds: null }));
  });

  it('is told of other slots while it fails for one of them', async () => {
    const [poisoned, other] = [await aSlot(app), await aSlot(app)];
    tools.answer = () => (tools.requests.at(-1)?.body.includes(poisoned.service) ? 500 : 204);
    await ship(poisoned);
    await eventually(() => expect(eventsOf(poisoned).length).toBeGreaterThan(1));
    await ship(other);
    await eventually(() => expect(eventsOf(other)).toHaveLength(2));
    const { pending, pausedUntil, lastError } = await stateOf('tools');
    expect({ pending, lastError }).toEqual({ pending: expect.any(Number), lastError: expect.stringContaining('500') });
    expect(pending).toBeGreaterThan(1);
    expect(Date.parse(pausedUntil)).toBeLessThanOrEqual(Date.now() + 1000);
    expect(new Set(eventsOf(poisoned).map(({ id }) => id)).size).toBe(1);
    tools.answer = () => 204;
    await act('tools', 'test');
    await eventually(async () => expect(await stateOf('tools')).toMatchObject({ pending: 0, deadLetters: 0 }));
    expect(eventsOf(poisoned).at(-1).data.customData.plimsoll.verdict).toBe('promote');
  });

  it('is not sent again what it refused, until somebody replays it', async () => {
    const slot = await aSlot(app);
    tools.answer = () => 422;
    await ship(slot);
    await eventually(async () => expect(await stateOf('tools')).toMatchObject({ pending: 0, deadLetters: 2 }));
    expect(eventsOf(slot)).toHaveLength(2);
    tools.answer = () => 204;
    expect((await act('tools', 'replay')).status).toBe(202);
    await eventually(async () => expect(await stateOf('tools')).toMatchObject({ pending: 0, deadLetters: 0 }));
    expect(eventsOf(slot).map(({ data }) => data.customData.plimsoll.verdict)).toEqual([
      'pending',
      'promote',
      'pending',
      'promote',
    ]);
  });

  it('is told of incidents', async () => {
    const slot = await aSlot(app);
    const { service, environment } = slot;
    await sendAlerts(app, [anAlert({ labels: { alertname: 'Slow', service, environment } })]);
    await eventually(() => {
      const incident = tools.requests.map(({ body }) => JSON.parse(body)).find(({ type }) => type.includes('incident'));
      expect(incident).toMatchObject({
        type: 'dev.cdevents.incident.detected.0.3.0',
        data: {
          subject: { type: 'incident', content: { service: { id: service }, environment: { id: environment } } },
        },
      });
    });
  });

  it('is not followed where it redirects to', async () => {
    const elsewhere = await aReceiver();
    tools.answer = (response) => {
      response.setHeader('location', elsewhere.url);
      return 307;
    };
    await act('tools', 'test');
    await eventually(async () => expect((await stateOf('tools')).lastError).toContain('307'));
    expect(elsewhere.requests).toEqual([]);
    elsewhere.close();
    tools.answer = () => 204;
    await act('tools', 'test');
    await eventually(async () => expect(await stateOf('tools')).toMatchObject({ pending: 0 }));
  });
});

describe('a chat', () => {
  it('is told what needs a person, and nothing of what goes well', async () => {
    const environment = (await anEnvironment(app)).slug;
    const well = await aSlot(app, { environment });
    await ship(well);
    const held = await aSlot(app, { environment, gate: null });
    const { id } = await aDeployment(app, { ...held, state: 'verifying' });
    await eventually(() => expect(textsOf(chat, held.service)).toHaveLength(1));
    await eventually(() => expect(textsOf(teams, held.service)).toHaveLength(1));
    const link = `https://plimsoll.example.com/board/deployments/${id}`;
    const { text } = JSON.parse(textsOf(chat, held.service)[0] ?? '');
    expect(text).toContain('is on hold: a person has to decide');
    expect(text).toContain(` <${link}|`);
    expect(JSON.parse(textsOf(teams, held.service)[0] ?? '')).toMatchObject({
      type: 'message',
      attachments: [{ content: { type: 'AdaptiveCard', actions: [{ type: 'Action.OpenUrl', url: link }] } }],
    });
    await app.request('POST', `/v1/deployments/${id}/decision`, { body: { decision: 'reject', reason: 'no <b>' } });
    await eventually(() => expect(textsOf(chat, held.service)).toHaveLength(2));
    expect(textsOf(chat, held.service)[1]).toContain('no &lt;b&gt;');
    expect(textsOf(chat, well.service)).toEqual([]);
  });
});

describe('/v1/sinks', () => {
  it('tells the state of each, and neither a secret nor a URL', async () => {
    const { status, text, body } = await app.request('GET', '/v1/sinks');
    expect(status).toBe(200);
    expect(body.items.map(({ name }: { name: string }) => name)).toEqual([
      'chat',
      'closed',
      'elsewhere',
      'teams',
      'tools',
    ]);
    for (const hidden of [SECRET, 'hidden-key', '/hook']) expect(text).not.toContain(hidden);
  });

  it('says that a target is not in PROBE_ALLOW, and sends nothing there', async () => {
    await act('elsewhere', 'test');
    await eventually(async () => expect((await stateOf('elsewhere')).lastError).toContain('not in PROBE_ALLOW'));
  });

  it('sends a test to one sink alone, and tells the audit log', async () => {
    const before = { chat: chat.requests.length, teams: teams.requests.length };
    expect((await act('teams', 'test')).status).toBe(202);
    await eventually(() => expect(teams.requests.length).toBe(before.teams + 1));
    expect(chat.requests.length).toBe(before.chat);
    const sql = `select actor, action from audit_log where subject = 'sinks/teams'`;
    expect(await app.database.query('audit-of-sink', sql, [])).toEqual([{ actor: 'admin', action: 'sink.test' }]);
  });

  it('knows no other sink, and nobody but an admin', async () => {
    expect(await act('nowhere', 'test')).toMatchObject(problem(404, 'sink-not-found'));
    expect((await act('chat', 'replay', app.tokens.operator)).status).toBe(403);
    expect((await app.request('GET', '/v1/sinks', { token: app.tokens.operator })).status).toBe(403);
  });

  it('shows in the metrics what waits', async () => {
    await ship(await aSlot(app));
    await app.nest.get(OutboxGauges).look();
    expect(await valueOf('events_outbox_pending')).toBeGreaterThan(0);
    expect(await valueOf('events_outbox_oldest_seconds')).toBeGreaterThanOrEqual(0);
  });
});

describe('the list of sinks', () => {
  it('counts from when it is read anew', async () => {
    const receiver = await aReceiver();
    const one = await startApplication({ settings: sinksOf([]) });
    try {
      expect((await one.request('GET', '/v1/sinks')).body.items).toEqual([]);
      const sinks = [{ name: 'late', kind: 'slack' as const, url: receiver.url }];
      one.nest.get(Secrets).replace({ ...one.nest.get<Settings>(SETTINGS), sinks });
      await eventually(async () =>
        expect((await one.request('POST', '/v1/sinks/late/test', { body: {} })).status).toBe(202),
      );
      await eventually(() => expect(receiver.requests).toHaveLength(1));
    } finally {
      await one.close();
      receiver.close();
    }
  });
});

describe('two instances', () => {
  it('send each event once', async () => {
    const receiver = await aReceiver();
    const settings = sinksOf([{ name: 'shared', kind: 'cdevents', url: receiver.url, secret: SECRET }]);
    const one = await startApplication({ settings });
    const two = await startApplication({ settings, databaseUrl: one.databaseUrl, withoutTokens: true });
    try {
      const shipped = deploymentRequests(() => one);
      const slots = await Promise.all(Array.from({ length: 5 }, () => aSlot(one)));
      await Promise.all(slots.map((slot) => shipped.ship(slot)));
      await eventually(async () => {
        const { items } = (await one.request('GET', '/v1/sinks')).body;
        expect(items).toMatchObject([{ name: 'shared', pending: 0 }]);
      });
      const ids = receiver.requests.map(({ headers }) => headers['webhook-id']);
      expect(ids).toHaveLength(10);
      expect(new Set(ids).size).toBe(10);
    } finally {
      await two.close();
      await one.close();
      receiver.close();
    }
  });
});
