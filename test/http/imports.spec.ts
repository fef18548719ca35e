import { readFile } from 'node:fs/promises';
import { problem, startApplication, type TestApplication } from '../support/application.js';
import { anEnvironment, aService, aSlot, digestOf, unique } from '../support/fixtures.js';
import {
  daysAgo,
  deploymentLine,
  importInto,
  type ImportedSlot,
  incidentLine,
  releaseLine,
} from '../support/import-lines.js';

let app: TestApplication;

beforeAll(async () => {
  app = await startApplication();
});
afterAll(() => app.close());

const MIB = 1024 * 1024;

const get = async (path: string) => (await app.request('GET', path)).body;
const deploymentsOf = async ({ service, environment }: ImportedSlot) =>
  (await get(`/v1/deployments?service=${service}&environment=${environment}&limit=200`)).items;
const incidentsOf = async ({ service }: ImportedSlot) =>
  (await get(`/v1/incidents?service=${service}&limit=200`)).items;

/** A release, a deployment of it, and an incident an hour later. */
function aHistory(slot: ImportedSlot, version = unique('1.0')) {
  const deployment = deploymentLine(slot, `run-${version}`, version, 10);
  const startsAt = new Date(Date.parse(deployment.deployedAt) + 60 * 60_000).toISOString();
  return [releaseLine(slot.service, version), deployment, incidentLine(slot, `alert-${version}`, startsAt)];
}

describe('an import', () => {
  it('takes in releases, deployments and incidents, and the same ones again as existing', async () => {
    const slot = await aSlot(app);
    const lines = aHistory(slot, 'once');
    const first = await importInto(app, lines);
    expect([first.status, first.body]).toEqual([200, { created: 3, existing: 0, refused: [] }]);
    const second = await importInto(app, lines);
    expect([second.status, second.body]).toEqual([200, { created: 0, existing: 3, refused: [] }]);
    const [deployment] = await deploymentsOf(slot);
    const [, told] = aHistory(slot, 'once');
    const { externalId, kind, state, createdAt, deployedAt, finishedAt } = told as ReturnType<typeof deploymentLine>;
    expect(deployment).toMatchObject({ externalId, kind, state, createdAt, deployedAt, finishedAt });
    expect(deployment).toMatchObject({ verdict: 'promote', fence: null, imported: true, actor: 'admin' });
    const [incident] = await incidentsOf(slot);
    expect(incident).toMatchObject({ deploymentId: deployment.id, attribution: 'window', status: 'resolved' });
  });

  it('takes what the page shows', async () => {
    const page = await readFile(new URL('../../docs/how-to/import-history.md', import.meta.url), 'utf8');
    await aSlot(app, {
      service: (await aService(app, { slug: 'checkout' })).slug,
      environment: (await anEnvironment(app, { slug: 'production' })).slug,
    });
    const lines = page.match(/^\{"type":.*$/gm) ?? [];
    expect(JSON.stringify((await importInto(app, lines)).body)).toBe(page.match(/^\{"created":3.*$/m)?.[0]);
  });

  it('takes lines in any order', async () => {
    const slot = await aSlot(app);
    const back = deploymentLine(slot, 'back', 'older', 8, { kind: 'rollback', remediatesExternalId: 'bad' });
    const lines = [
      incidentLine(slot, 'f', back.createdAt, { deploymentExternalId: 'bad' }),
      back,
      deploymentLine(slot, 'bad', 'newer', 9, { state: 'rejected' }),
      releaseLine(slot.service, 'newer'),
      releaseLine(slot.service, 'older'),
    ];
    expect((await importInto(app, lines)).body).toEqual({ created: 5, existing: 0, refused: [] });
    const [rollback, bad] = await deploymentsOf(slot);
    expect(rollback).toMatchObject({ externalId: 'back', remediates: bad.id });
    expect(await incidentsOf(slot)).toMatchObject([{ deploymentId: bad.id, attribution: 'label' }]);
  });

  it('refuses a bad line alone, by its number and with what would mend it', async () => {
    const slot = await aSlot(app);
    const [release, deployment, incident] = aHistory(slot) as [object, object, object];
    const lines = [
      '{"type":"release"',
      release,
      { type: 'gate' },
      '',
      '[]',
      { ...deployment, state: 'verifying' },
      { ...deployment, externalId: 'a', service: 'nobody' },
      { ...deployment, externalId: 'b', environment: 'nowhere' },
      { ...deployment, externalId: 'c', digest: digestOf('unknown') },
      { ...deployment, externalId: 'd', remediatesExternalId: 'unknown' },
      { ...deployment, externalId: 'e', deployedAt: null },
      { ...deployment, externalId: 'f', finishedAt: daysAgo(11) },
      { ...deployment, externalId: 'g', finishedAt: daysAgo(-1) },
      { ...deployment, colour: 'red' },
      { ...incident, endsAt: daysAgo(300) },
      { ...incident, deploymentExternalId: 'unknown' },
      { ...incident, service: 'nobody' },
      { ...release, gitSha: 'abc' },
      `{"type":"release","version":"${'x'.repeat(MIB)}"}`,
      deployment,
      incident,
    ];
    const { status, body } = await importInto(app, lines);
    expect([status, body.created, body.existing]).toEqual([200, 3, 0]);
    const told = body.refused.map(({ line, code, detail }: Record<string, unknown>) => [line, code, detail]);
    expect(told).toEqual([
      [1, 'malformed-json', expect.any(String)],
      [3, 'validation-failed', expect.stringContaining('/type: must have a "type" of "release", "deployment"')],
      [5, 'validation-failed', expect.any(String)],
      [6, 'validation-failed', expect.stringContaining('/state: must be a final state')],
      [7, 'validation-failed', expect.stringContaining('/service: There is no service "nobody"')],
      [8, 'validation-failed', expect.stringContaining('/environment: There is no environment "nowhere"')],
      [9, 'validation-failed', expect.stringContaining('/digest: The service has no such release')],
      [10, 'validation-failed', expect.stringContaining('/remediatesExternalId: The slot has no deployment')],
      [11, 'validation-failed', expect.stringContaining('/deployedAt: is required')],
      [12, 'validation-failed', expect.stringContaining('/finishedAt: must not lie before')],
      [13, 'validation-failed', expect.stringContaining('/finishedAt: must not lie in the future')],
      [14, 'validation-failed', expect.stringContaining('/colour: is not known here')],
      [15, 'validation-failed', expect.stringContaining('/endsAt: must not lie before startsAt')],
      [16, 'validation-failed', expect.stringContaining('/deploymentExternalId: The slot has no deployment')],
      [17, 'validation-failed', expect.stringContaining('/service: There is no service "nobody"')],
      [18, 'validation-failed', expect.stringContaining('/gitSha: must be a full commit id')],
      [19, 'body-too-large', 'A line has at most 1024 KiB.'],
    ]);
  });

  it('takes a line of exactly 1 MiB, and a last one without a line break', async () => {
    const slot = await aSlot(app);
    const line = JSON.stringify(releaseLine(slot.service, 'padded'));
    const padded = line.replace('{', `{${' '.repeat(MIB - line.length)}`);
    expect(padded).toHaveLength(MIB);
    expect((await importInto(app, padded)).body).toEqual({ created: 1, existing: 0, refused: [] });
    const { body } = await importInto(app, ` ${padded}`);
    expect(body).toMatchObject({ created: 0, refused: [{ line: 1, code: 'body-too-large' }] });
  });

  it('refuses a release or a deployment that is known as another', async () => {
    const slot = await aSlot(app);
    const [release, deployment] = aHistory(slot, 'same') as [object, object];
    await importInto(app, [release, releaseLine(slot.service, 'other'), deployment]);
    const { body } = await importInto(app, [
      { ...release, version: 'another' },
      { ...deployment, digest: digestOf('other') },
      { ...deployment, kind: 'redeploy' },
      { ...deployment, state: 'rejected' },
    ]);
    expect(body).toMatchObject({ created: 0, existing: 1 });
    expect(body.refused.map(({ line, code }: Record<string, unknown>) => [line, code])).toEqual([
      [1, 'release-differs'],
      [2, 'external-id-differs'],
      [3, 'external-id-differs'],
    ]);
  });

  it('lists the first thousand of those it refuses, and counts the others', async () => {
    const { body } = await importInto(app, 'x\n'.repeat(1700));
    expect([body.refused.length, body.refused.at(-1).line, body.moreRefused]).toEqual([1000, 1000, 700]);
  });

  it('takes an empty body, and blank lines', async () => {
    for (const body of ['', '\n', ' \r\n\t\n']) {
      const { status, body: view } = await importInto(app, body);
      expect([status, view]).toEqual([200, { created: 0, existing: 0, refused: [] }]);
    }
  });

  it('is for admins alone, and for lines of JSON', async () => {
    expect(await importInto(app, [], app.tokens.operator)).toMatchObject(problem(403, 'forbidden'));
    expect(await importInto(app, [], null)).toMatchObject(problem(401, 'unauthenticated'));
    for (const type of ['application/json', 'text/plain']) {
      const headers = { 'content-type': type };
      const answer = await app.request('POST', '/v1/imports', { body: '{}', headers });
      expect(answer).toMatchObject(
        problem(415, 'unsupported-media-type', { detail: 'Send the body as application/x-ndjson.' }),
      );
    }
    const headers = { 'content-type': 'application/x-ndjson' };
    const other = await app.request('PUT', '/v1/services/a', { body: '{}', headers });
    expect(other).toMatchObject(
      problem(415, 'unsupported-media-type', { detail: 'Send the body as application/json.' }),
    );
  });

  it('is told of in the audit log, and nowhere else', async () => {
    const slot = await aSlot(app);
    const events = () => app.database.query<{ n: number }>('count-events', 'select count(*)::int as n from events', []);
    const [before] = await events();
    await importInto(app, aHistory(slot));
    expect(await events()).toEqual([before]);
    const { items } = await get('/v1/audit?action=import.create&limit=2');
    expect(items).toMatchObject([
      { actor: 'admin', before: null, after: { releases: 0, deployments: 0, incidents: 1 } },
      { actor: 'admin', before: null, after: { releases: 1, deployments: 1, incidents: 0 } },
    ]);
    expect(items[0].subject).toBe(items[1].subject);
    expect(items[0].requestId).toEqual(expect.any(String));
  });

  it('may be sent twice at once, and creates everything once', async () => {
    const slots = await Promise.all([aSlot(app), aSlot(app), aSlot(app)]);
    const lines = slots.flatMap((slot) =>
      Array.from({ length: 400 }, (_, n) => [
        releaseLine(slot.service, `${slot.service}-${n}`),
        deploymentLine(slot, `run-${n}`, `${slot.service}-${n}`, 40 - n / 100),
      ]).flat(),
    );
    const answers = await Promise.all([importInto(app, lines), importInto(app, lines.toReversed())]);
    expect(answers.map(({ status, body }) => [status, body.refused])).toEqual([
      [200, []],
      [200, []],
    ]);
    const sum = (field: string) => answers.reduce((total, { body }) => total + body[field], 0);
    expect([sum('created'), sum('existing')]).toEqual([2400, 2400]);
  });
});
