import { Secrets } from '../../src/operations/config/secrets.js';
import { SETTINGS, type Settings } from '../../src/operations/config/settings.js';
import { SystemNames } from '../../src/platform/probes/system-names.js';
import { Prometheus } from '../../src/platform/prometheus/prometheus.js';
import { aFolderOfNames } from '../support/a-name-server.js';
import { aPrometheus, type FakePrometheus } from '../support/a-prometheus.js';
import { startApplication } from '../support/application.js';
import { AUTHORITY, PROMETHEUS_TEST } from '../support/certificates.js';

const HOSTS = '127.0.0.1 prometheus.test other.test\n127.0.0.1 mixed.test\n169.254.169.254 mixed.test metadata.test';
const folder = await aFolderOfNames({ hosts: HOSTS });

let prometheus: FakePrometheus;
let open: AsyncDisposableStack;
beforeAll(async () => {
  prometheus = await aPrometheus(PROMETHEUS_TEST);
});
beforeEach(() => {
  open = new AsyncDisposableStack();
  prometheus.reset();
  prometheus.answer('up', 1);
});
afterEach(() => open.disposeAsync());
afterAll(async () => {
  await prometheus.close();
  await folder[Symbol.asyncDispose]();
});

const at = (name: string) => prometheus.url.replace('127.0.0.1', name);
const ask = (client: Prometheus) => client.query({ query: 'up', at: new Date(), timeoutMs: 5000 });

async function aClient(settings: Partial<Settings>) {
  const names = { provide: SystemNames, useValue: new SystemNames(folder.path) };
  const all = { prometheusUrl: at('prometheus.test'), prometheusCa: AUTHORITY, probeAllow: [], ...settings };
  const app = open.adopt(await startApplication({ settings: all, providers: [names] }), (it) => it.close());
  const secrets = app.nest.get(Secrets);
  return {
    client: app.nest.get(Prometheus),
    rotate: (changed: Partial<Settings>) => secrets.replace({ ...app.nest.get<Settings>(SETTINGS), ...changed }),
  };
}

describe('the connection to Prometheus', () => {
  it('bears the token, and the next one once that is rotated', async () => {
    const { client, rotate } = await aClient({ prometheusToken: 'first' });
    await ask(client);
    rotate({ prometheusToken: 'second' });
    await ask(client);
    expect(prometheus.asked.map(({ authorization }) => authorization)).toEqual(['Bearer first', 'Bearer second']);
  });

  it('has a user and a password, and the next one once that is rotated', async () => {
    const { client, rotate } = await aClient({ prometheusUser: 'plimsoll', prometheusPassword: 'über' });
    await ask(client);
    rotate({ prometheusUser: 'plimsoll', prometheusPassword: 'next' });
    await ask(client);
    const decoded = prometheus.asked.map(({ authorization = '' }) =>
      Buffer.from(authorization.slice(6), 'base64').toString(),
    );
    expect(decoded).toEqual(['plimsoll:über', 'plimsoll:next']);
  });

  it('is anonymous without either', async () => {
    await ask((await aClient({})).client);
    expect(prometheus.asked.map(({ authorization }) => authorization)).toEqual([undefined]);
  });

  it('is refused by a certificate of an authority that nobody named, or for another name', async () => {
    await expect(ask((await aClient({ prometheusCa: undefined })).client)).rejects.toThrow(
      'was not reached: unable to verify',
    );
    await expect(ask((await aClient({ prometheusUrl: at('other.test') })).client)).rejects.toThrow(
      "was not reached: Hostname/IP does not match certificate's altnames",
    );
    expect(prometheus.asked).toEqual([]);
  });

  it('goes by no proxy of the environment', async () => {
    const proxies = { NODE_USE_ENV_PROXY: '1', HTTPS_PROXY: 'http://127.0.0.1:1', https_proxy: 'http://127.0.0.1:1' };
    Object.assign(process.env, proxies);
    open.defer(() => void Object.keys(proxies).forEach((name) => delete process.env[name]));
    expect(await ask((await aClient({})).client)).toMatchObject({ series: 1 });
  });

  it.each([
    ['a metadata address', 'http://169.254.169.254/'],
    ['a name of one', 'http://metadata.test/'],
    ['a name that has one as well', 'http://mixed.test/'],
  ])('never goes to %s, whatever is allowed', async (_what, prometheusUrl) => {
    const { client } = await aClient({ prometheusUrl, probeAllow: ['0.0.0.0/0', 'metadata.test', 'mixed.test'] });
    await expect(ask(client)).rejects.toThrow('is a link-local or metadata address, which is never probed');
  });
});
