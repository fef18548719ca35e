import { anAlert, aWebhook, type AlertFixture, NOT_ENDED, sendAlerts } from '../support/alerts.js';
import { problem, startApplication, type TestApplication } from '../support/application.js';
import { eventually } from '../support/eventually.js';

let app: TestApplication;

beforeAll(async () => {
  app = await startApplication();
});
afterAll(() => app.close());

const post = (body: unknown, token: string | null = app.tokens.reporter) =>
  app.request('POST', '/v1/webhooks/alertmanager', { token, body });

interface Kept {
  readonly fingerprint: string;
  readonly status: string;
  readonly startsAt: string;
  readonly endsAt: string | null;
  readonly labels: Record<string, string>;
  readonly [field: string]: unknown;
}

/** What the list says of an alert's fingerprint, oldest first. */
async function incidentsOf({ fingerprint }: Pick<AlertFixture, 'fingerprint'>): Promise<Kept[]> {
  const { body } = await app.request('GET', '/v1/incidents?limit=200');
  return (body.items as Kept[])
    .filter((incident) => incident.fingerprint === fingerprint)
    .sort((one, other) => one.startsAt.localeCompare(other.startsAt));
}

const START = '2026-01-05T10:00:00Z';
const END = '2026-01-05T10:10:00Z';

describe('a webhook of Alertmanager', () => {
  it('makes an incident of an alert, and resolves it by its end', async () => {
    const alert = anAlert();
    expect(await sendAlerts(app, [alert])).toMatchObject({ status: 202, text: '' });
    const fired = { status: 'firing', startsAt: '2026-01-05T10:00:00.123Z', endsAt: null, reopenedAt: null };
    expect(await incidentsOf(alert)).toMatchObject([
      { ...fired, title: 'Too many requests fail', labels: alert.labels, attribution: 'none', deploymentId: null },
    ]);
    await sendAlerts(app, [{ ...alert, status: 'resolved', endsAt: '2026-01-05T11:10:00+01:00' }]);
    expect(await incidentsOf(alert)).toMatchObject([{ status: 'resolved', endsAt: '2026-01-05T10:10:00.000Z' }]);
  });

  it.each([
    ['twice', [NOT_ENDED, NOT_ENDED], 'firing'],
    ['after its end', [END, NOT_ENDED], 'resolved'],
    ['with its end twice', [END, NOT_ENDED, END], 'resolved'],
  ])('keeps one incident of an alert that is told %s', async (_how, ends, status) => {
    const { fingerprint } = anAlert();
    for (const endsAt of ends) await sendAlerts(app, [anAlert({ fingerprint, startsAt: START, endsAt })]);
    expect(await incidentsOf({ fingerprint })).toMatchObject([{ status }]);
  });

  it('takes a resolved alert without an end as ended by now', async () => {
    const alert = anAlert({ status: 'resolved', endsAt: NOT_ENDED });
    await sendAlerts(app, [alert]);
    expect(await incidentsOf(alert)).toMatchObject([{ status: 'resolved', endsAt: expect.any(String) }]);
  });

  it.each([
    ['5 min after its end', '2026-01-05T10:15:00.000Z', 1],
    ['later', '2026-01-05T10:15:00.001Z', 2],
  ])('reopens an incident whose alert fires again %s, or makes another', async (_when, again, count) => {
    const { fingerprint } = anAlert();
    await sendAlerts(app, [anAlert({ fingerprint, startsAt: START, endsAt: END })]);
    await sendAlerts(app, [anAlert({ fingerprint, startsAt: again })]);
    const kept = await incidentsOf({ fingerprint });
    expect(kept).toHaveLength(count);
    expect(kept[0]).toMatchObject({ startsAt: '2026-01-05T10:00:00.000Z', reopenedAt: count === 1 ? again : null });
    expect(kept.at(-1)).toMatchObject({ status: 'firing', endsAt: null });
  });

  it('keeps the same of a payload that two Alertmanagers send at once', async () => {
    const alerts = Array.from({ length: 450 }, (_, n) => anAlert({ labels: { alertname: `A${n}` } }));
    const other = await startApplication({ databaseUrl: app.databaseUrl, withoutTokens: true });
    const { reporter: token } = app.tokens;
    // Whoever waits for the others too long is told 503, and sends again, as Alertmanager does.
    const taken = async (by: TestApplication) => expect((await sendAlerts(by, alerts, { token })).status).toBe(202);
    const sendAgain = (to: TestApplication) => eventually(() => taken(to), 60_000);
    await Promise.all(Array.from({ length: 6 }, (_, n) => sendAgain(n % 2 === 0 ? app : other)));
    await other.close();
    const fingerprints = alerts.map(({ fingerprint }) => `'${fingerprint}'`);
    const [counted] = await app.database.query<{ incidents: number; events: number; audited: number }>(
      'counted',
      `select count(*)::int as incidents, (select count(*)::int from events where incident_id in (select id from incidents
          where fingerprint in (${fingerprints}))) as events,
        (select count(*)::int from audit_log where subject in (select id::text from incidents
          where fingerprint in (${fingerprints}))) as audited
       from incidents where fingerprint in (${fingerprints})`,
      [],
    );
    expect(counted).toEqual({ incidents: 450, events: 450, audited: 450 });
  });

  it.each([
    ['another version', { version: '3' }, '/version'],
    ['no list of alerts', { alerts: { a: 1 } }, '/alerts'],
    ['an alert that is none', { alerts: [anAlert(), 1] }, '/alerts/1'],
    ['an alert without a start', { alerts: [anAlert(), { ...anAlert(), startsAt: 'soon' }] }, '/alerts/1/startsAt'],
    ['a label that is no text', { alerts: [{ ...anAlert(), labels: { a: 1 } }] }, '/alerts/0/labels/a'],
  ])('is refused whole with 400 for %s', async (_what, members, pointer) => {
    const good = anAlert();
    const body = { ...aWebhook([good]), ...members };
    expect(await post(body)).toMatchObject(
      problem(400, 'malformed-webhook', { errors: [expect.objectContaining({ pointer })] }),
    );
    expect(await incidentsOf(good)).toEqual([]);
  });

  it('is refused in a sentence where it is no object', async () => {
    expect(await post([])).toMatchObject(
      problem(400, 'malformed-webhook', { detail: 'The body must be of type object.' }),
    );
  });

  it('is refused whole where the last of many alerts is malformed', async () => {
    const alerts = Array.from({ length: 500 }, () => anAlert());
    expect((await post(aWebhook([...alerts, anAlert({ startsAt: 'soon' })]))).status).toBe(400);
    expect(await incidentsOf(alerts[0]!)).toEqual([]);
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '{"version":"4","alerts":[{},'],
    ['a comma too many', JSON.stringify(aWebhook([])).replace('[]', '[,]')],
    ['brackets that do not match', JSON.stringify(aWebhook([])).replace('[]', '[{"labels":{]}}')],
    ['a list that is there twice', '{"version":"4","alerts":[],"alerts":[]}'],
    ['a prototype', JSON.stringify(aWebhook([anAlert()])).replace('"severity"', '"__proto__"')],
    ['a label that is there twice', JSON.stringify(aWebhook([anAlert()])).replace('"severity"', '"alertname"')],
    ['70 levels', JSON.stringify(aWebhook([anAlert()])).replace('{}', `${'['.repeat(70)}${']'.repeat(70)}`)],
  ])('is refused with 400 if it is %s', async (_what, text) => {
    const answer = await app.request('POST', '/v1/webhooks/alertmanager', {
      token: app.tokens.reporter,
      headers: { 'content-type': 'application/json' },
      body: text,
    });
    expect(answer.status).toBe(400);
  });

  it('takes what it does not know, and an envelope in any order', async () => {
    const alert = { ...anAlert(), silenced: [] };
    const { alerts, ...rest } = aWebhook([alert], { mood: { alerts: [1] } }) as Record<string, unknown>;
    expect((await post({ ...rest, alerts })).status).toBe(202);
    expect(await incidentsOf(alert)).toHaveLength(1);
  });

  it('keeps hostile labels bounded, and refuses no alert for them', async () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`label_${n}`, 'x']));
    const labels = {
      long: 'y'.repeat(5000),
      nul: 'a\0b',
      constructor: 'c',
      ...many,
      alertname: '\ud800',
      service: '../..',
    };
    const alert = anAlert({ labels, annotations: { summary: '  ' } });
    expect((await sendAlerts(app, [alert])).status).toBe(202);
    const [incident] = await incidentsOf(alert);
    expect(incident).toMatchObject({ service: null, title: '\u{FFFD}' });
    expect(incident?.labels).toMatchObject({ nul: 'a\u{FFFD}b', constructor: 'c', service: '../..' });
    expect(Object.keys(incident?.labels ?? {})).toHaveLength(64);
    expect(incident?.labels['long']).toHaveLength(1000);
  });

  it('has no effect without a token, and none of a viewer', async () => {
    const alert = anAlert();
    expect(await sendAlerts(app, [alert], { token: null })).toMatchObject(problem(401, 'unauthenticated'));
    expect(await sendAlerts(app, [alert], { token: app.tokens.viewer })).toMatchObject(problem(403, 'forbidden'));
    expect(await incidentsOf(alert)).toEqual([]);
  });

  it('of a token that is bound to a service, tells of that service only', async () => {
    const bound = { name: 'am', role: 'reporter', service: 'checkout', expiresAt: null };
    const { token } = (await app.request('POST', '/v1/tokens', { body: bound })).body;
    const [ownOne, other] = [anAlert(), anAlert({ labels: { service: 'search' } })];
    expect(await sendAlerts(app, [ownOne, other], { token })).toMatchObject(problem(403, 'forbidden'));
    expect(await incidentsOf(ownOne)).toEqual([]);
    await sendAlerts(app, [ownOne], { token });
    expect(await incidentsOf(ownOne)).toMatchObject([{ service: 'checkout' }]);
  });

  it('is 503 while too many are taken in, and loses nothing when it is sent again', async () => {
    const payloads = Array.from({ length: 40 }, () => Array.from({ length: 250 }, () => anAlert()));
    const outcomes = await Promise.all(payloads.map((alerts) => sendAlerts(app, alerts)));
    const refused = outcomes.flatMap(({ status }, n) => (status === 503 ? [n] : []));
    // On a busy machine some may wait for the database in vain, which is a 503 as well.
    expect(outcomes).toContainEqual(expect.objectContaining(problem(503, 'overloaded')));
    for (const n of refused) {
      await eventually(async () => expect((await sendAlerts(app, payloads[n] ?? [])).status).toBe(202));
    }
    const names = payloads.flat().map(({ fingerprint }) => `'${fingerprint}'`);
    const count = `select count(*)::int as n from incidents where fingerprint in (${names})`;
    expect(await app.database.query('kept', count, [])).toEqual([{ n: 10_000 }]);
  });

  it('may have 16 MiB', async () => {
    const padding = { generatorURL: `http://a/${'x'.repeat(1500)}` };
    const alerts = Array.from({ length: 9000 }, () => anAlert(padding));
    expect((await sendAlerts(app, alerts)).status).toBe(202);
    expect(await sendAlerts(app, [...alerts, ...alerts])).toMatchObject(problem(413, 'body-too-large'));
  });
});
