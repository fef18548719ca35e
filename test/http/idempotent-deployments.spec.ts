import { randomUUID } from 'node:crypto';
import { type TestApplication, startApplication } from '../support/application.js';
import { codeOf, deploymentRequests } from '../support/deployment-requests.js';
import { aDeployment, anEnvironment, aRelease, aService, aSlot, digestOf } from '../support/fixtures.js';

let app: TestApplication;

beforeAll(async () => {
  app = await startApplication();
});
afterAll(() => app.close());

const { create, report, ship, aRunningSlot } = deploymentRequests(() => app);
const underKey = (key: string, path: string, body: object) =>
  app.request('POST', `${path}/rollback`, { headers: { 'idempotency-key': key }, body: { reason: 'a test', ...body } });

describe('an idempotent create', () => {
  it('is answered again as it was, and made once', async () => {
    const slot = await aSlot(app);
    const { digest } = await aRelease(app, { service: slot.service });
    const first = await create(slot, digest, {}, 'key-1');
    await report(first.body.id, 'cancel', { fence: 1, reason: 'not now', hostsChanged: false });
    const again = await create(slot, digest, {}, 'key-1');
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(codeOf(await create(slot, digest, { externalId: 'x' }, 'key-1'))).toBe('idempotency-mismatch');
  });

  it('may find the slot free with the key that found it busy', async () => {
    const slot = await aSlot(app);
    const { digest } = await aRelease(app, { service: slot.service });
    const holder = await create(slot, digest);
    expect(codeOf(await create(slot, digest, {}, 'key-2'))).toBe('slot-busy');
    await report(holder.body.id, 'cancel', { fence: 1, reason: 'not now', hostsChanged: false });
    expect((await create(slot, digest, {}, 'key-2')).status).toBe(201);
  });

  it('may find the release registered with the key that did not', async () => {
    const slot = await aSlot(app);
    const release = await aRelease(app);
    expect((await create(slot, release.digest, {}, 'key-3')).status).toBe(422);
    await aRelease(app, { service: slot.service, digest: release.digest });
    expect((await create(slot, release.digest, {}, 'key-3')).status).toBe(201);
  });

  it('that refers to a deployment that is not there is refused again: no PUT mends that', async () => {
    const slot = await aSlot(app);
    const { digest } = await aRelease(app, { service: slot.service });
    const body = { retryOf: randomUUID() };
    const answers = [await create(slot, digest, body, 'key-5'), await create(slot, digest, body, 'key-5')];
    expect(answers.map(({ status, headers }) => [status, headers.get('idempotency-replayed')])).toEqual([
      [422, null],
      [422, 'true'],
    ]);
  });

  it('that is not valid is refused again, and not for another reason', async () => {
    const slot = await aSlot(app);
    const first = await create(slot, 'latest', {}, 'key-4');
    const again = await create(slot, 'latest', {}, 'key-4');
    expect([first.status, again.status, again.headers.get('idempotency-replayed')]).toEqual([422, 422, 'true']);
  });

  it('needs its key', async () => {
    const slot = await aSlot(app);
    const { service, environment } = slot;
    const { digest } = await aRelease(app, { service });
    const answer = await app.request('POST', '/v1/deployments', { body: { service, environment, digest } });
    expect([answer.status, codeOf(answer)]).toEqual([400, 'idempotency-key-required']);
  });
});

describe('an idempotent rollback', () => {
  it('is answered again as it was, and made once', async () => {
    const { slot } = await aRunningSlot();
    await ship(slot);
    const first = await underKey('again', slot.path, {});
    await report(first.body.id, 'cancel', { fence: first.body.fence, reason: 'x', hostsChanged: false });
    const again = await underKey('again', slot.path, {});
    expect([again.status, again.body, again.headers.get('idempotency-replayed')]).toEqual([201, first.body, 'true']);
    expect(codeOf(await underKey('again', slot.path, { force: true }))).toBe('idempotency-mismatch');
    const { items } = (await app.request('GET', `/v1/deployments?service=${slot.service}`)).body;
    expect(items.filter(({ kind }: { kind: string }) => kind === 'rollback')).toHaveLength(1);
  });

  it('may find its service and its environment with the key that did not', async () => {
    const [service, environment] = ['late-service', 'late-environment'];
    const path = `/v1/services/${service}/environments/${environment}`;
    expect(codeOf(await underKey('late', path, {}))).toBe('service-not-found');
    await aService(app, { slug: service });
    expect(codeOf(await underKey('late', path, {}))).toBe('environment-not-found');
    await anEnvironment(app, { slug: environment });
    const slot = await aSlot(app, { service, environment });
    await ship(slot);
    await ship(slot);
    expect((await underKey('late', path, {})).status).toBe(201);
  });

  it.each([
    ['by force', { force: true }, 422],
    ['of itself', {}, 409],
  ])('may go %s to a release that was not there when its key came first', async (_how, body, status) => {
    const slot = await aSlot(app);
    await ship(slot);
    const to = digestOf(slot.service);
    expect((await underKey(to, slot.path, { to, ...body })).status).toBe(status);
    await aDeployment(app, {
      ...slot,
      ...(await aRelease(app, { service: slot.service, digest: to })),
      state: 'verifying',
    });
    expect((await underKey(to, slot.path, { to, ...body })).status).toBe(201);
  });

  it('to a release that was never promoted is refused again under its key', async () => {
    const slot = await aSlot(app);
    const { digest: to } = await aRelease(app, { service: slot.service });
    expect(codeOf(await underKey('never', slot.path, { to }))).toBe('never-promoted');
    expect((await underKey('never', slot.path, { to })).headers.get('idempotency-replayed')).toBe('true');
  });
});
