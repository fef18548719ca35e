import { SystemNames } from '../../src/platform/probes/system-names.js';
import { type FakeHost, aHost } from '../support/a-host.js';
import { aFolderOfNames, aNameServer } from '../support/a-name-server.js';
import { startApplication, type TestApplication } from '../support/application.js';
import { eventually } from '../support/eventually.js';
import { aDeployment, aSlot } from '../support/fixtures.js';

const DEAD = Array.from({ length: 20 }, (_, n) => `dead-${n}.test`);

let app: TestApplication;
let host: FakeHost;
const closing: AsyncDisposable[] = [];

beforeAll(async () => {
  const server = await aNameServer({
    ...Object.fromEntries(DEAD.map((name) => [name, 'silence' as const])),
    'app-1.dns.podman': { addresses: ['127.0.0.1'], ttl: 0 },
  });
  const folder = await aFolderOfNames({ 'resolv.conf': `search dns.podman\nnameserver ${server.address}` });
  closing.push(server, folder);
  app = await startApplication({
    settings: { probeAllow: ['127.0.0.0/8', 'app-1', ...DEAD] },
    providers: [{ provide: SystemNames, useValue: new SystemNames(folder.path) }],
  });
  host = await aHost({ '/readyz': {} }, 'app-1');
});
afterAll(async () => {
  await app.close();
  await host.close();
  for (const each of closing) await each[Symbol.asyncDispose]();
});

const check = {
  name: 'ready',
  type: 'http',
  url: '{host.url}/readyz',
  intervalSeconds: 1,
  timeoutSeconds: 1,
  failAt: { total: 1 },
  expect: [{ field: 'status', op: 'eq', value: 200 }],
};
const gate = { warmUpSeconds: 0, bakeSeconds: 3, checks: [check] };
const dead = DEAD.map((name) => ({ name, url: `http://${name}` }));

async function verifying(hosts: readonly { name: string; url: string }[], overrides: object = {}): Promise<string> {
  const slot = await aSlot(app, { hosts, gate: { ...gate, ...overrides } });
  return (await aDeployment(app, { ...slot, state: 'verifying' })).id;
}

const verdictOf = (id: string) =>
  eventually(async () => {
    const { body } = await app.request('GET', `/v1/deployments/${id}/verdict`);
    expect(body.verdict).not.toBe('pending');
    return body;
  }, 20_000);

describe('names that are not answered', () => {
  it('roll nobody back, and delay no probe of others', async () => {
    const unanswered = await verifying(dead);
    const innocent = await verifying([{ name: 'app-1', url: host.url.replace('127.0.0.1', 'app-1') }]);
    const { verdict: promoted } = await verdictOf(innocent);
    const { items } = (await app.request('GET', `/v1/deployments/${innocent}/measurements`)).body;
    const told = items.map(({ outcome, detail }: { outcome: string; detail: string | null }) => detail ?? outcome);
    expect([promoted, ...told]).toEqual(['promote', 'pass', 'pass', 'pass', 'pass']);
    const { verdict, reasons } = await verdictOf(unanswered);
    expect([verdict, reasons[0].code]).toEqual(['hold', 'check-error']);
    expect(reasons[0].detail).toMatch(/dead-\d+\.test was not resolved/);
  });

  it('prove nothing of what a host runs', async () => {
    const identity = { url: '{host.url}/info', field: '/imageDigest', consecutive: 1, withinSeconds: 2 };
    const { verdict, reasons } = await verdictOf(await verifying(dead.slice(0, 1), { identity }));
    expect({ verdict, reasons }).toMatchObject({
      verdict: 'hold',
      reasons: [{ code: 'check-error', host: 'dead-0.test' }],
    });
  });
});
