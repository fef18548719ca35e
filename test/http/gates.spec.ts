import { startApplication, type TestApplication } from '../support/application.js';
import { aSlot } from '../support/fixtures.js';

let app: TestApplication;

beforeAll(async () => {
  app = await startApplication({ settings: { probeAllow: ['localhost', '127.0.0.0/8'] } });
});
afterAll(() => app.close());

const aCheck = (overrides: object = {}) => ({
  name: 'ready',
  type: 'http',
  url: '{host.url}/readyz',
  expect: [{ field: 'status', op: 'eq', value: 200 }],
  ...overrides,
});
const aGate = (overrides: object = {}) => ({
  bakeSeconds: 60,
  identity: { url: '{host.url}/info', field: '/imageDigest' },
  checks: [aCheck()],
  ...overrides,
});
const put = (path: string, body: unknown, headers = {}) => app.request('PUT', `${path}/gate`, { body, headers });
const pointersOf = ({ body }: { body: { errors?: { pointer: string }[] } }) =>
  body.errors?.map(({ pointer }) => pointer);

describe('the gate of a slot', () => {
  it('is what was put, and can be put again as it is read', async () => {
    const { path } = await aSlot(app, { gate: null });
    const gate = aGate({ warmUpSeconds: 0.5, checks: [aCheck({ failAt: { total: 5 }, onNoData: 'fail' })] });
    expect(await put(path, gate)).toMatchObject({ status: 200, body: gate });
    const read = await app.request('GET', `${path}/gate`);
    expect(read).toMatchObject({ status: 200, body: gate });
    expect(await put(path, read.body, { 'if-match': read.headers.get('etag') })).toMatchObject({ status: 200 });
    const known = { 'if-none-match': read.headers.get('etag') ?? '' };
    expect((await app.request('GET', `${path}/gate`, { headers: known })).status).toBe(304);
  });

  it('is not there until it is put', async () => {
    const { path } = await aSlot(app, { gate: null });
    expect((await app.request('GET', `${path}/gate`)).body.type).toMatch(/gate-not-found$/);
    expect((await app.request('GET', '/v1/services/none/environments/none/gate')).body.type).toMatch(
      /service-not-found$/,
    );
    expect((await put('/v1/services/none/environments/none', aGate())).status).toBe(404);
  });

  it('may be none, for a reason and nothing else', async () => {
    const { path } = await aSlot(app, { gate: null });
    expect((await put(path, { ungated: 'looked at by hand' })).body).toEqual({ ungated: 'looked at by hand' });
    expect(pointersOf(await put(path, { ungated: 'no', checks: [] }))).toEqual(['/checks']);
    for (const blank of ['', ' \n ']) expect(pointersOf(await put(path, { ungated: blank }))).toEqual(['/ungated']);
  });

  it('is written by operators, read by viewers, and audited', async () => {
    const { path } = await aSlot(app, { gate: null });
    const as = (token: string, method: string, body?: object) => app.request(method, `${path}/gate`, { token, body });
    expect((await as(app.tokens.deployer, 'PUT', aGate())).status).toBe(403);
    expect((await as(app.tokens.operator, 'PUT', aGate())).status).toBe(200);
    expect((await as(app.tokens.viewer, 'GET')).status).toBe(200);
    expect((await as(app.tokens.reporter, 'GET')).status).toBe(403);
    const entries = await app.database.read((handle) =>
      handle.query(`select action, before, after from audit_log where subject = $1`, [
        `${path.slice('/v1/'.length)}/gate`,
      ]),
    );
    expect(entries).toEqual([{ action: 'gate.put', before: null, after: aGate() }]);
  });

  it('is not overwritten by whoever read another one', async () => {
    const { path } = await aSlot(app, { gate: null });
    const stale = { 'if-match': '"another"' };
    expect((await put(path, aGate(), stale)).status).toBe(412);
    await put(path, aGate());
    expect((await put(path, aGate({ bakeSeconds: 61 }), stale)).status).toBe(412);
  });
});

describe('a gate that could prove nothing', () => {
  it.each<[string, unknown, string[]]>([
    ['no checks', aGate({ checks: [] }), ['/checks']],
    ['no required check', aGate({ checks: [aCheck({ required: false })] }), ['/checks']],
    [
      'more than 50 checks',
      aGate({ checks: Array.from({ length: 51 }, (_, n) => aCheck({ name: `c${n}` })) }),
      ['/checks'],
    ],
    ['a check twice', aGate({ checks: [aCheck(), aCheck()] }), ['/checks/1/name']],
    [
      'a check that the bake never reaches',
      aGate({ checks: [aCheck({ initialDelaySeconds: 61 })] }),
      ['/checks/0/initialDelaySeconds'],
    ],
    ['nothing that is expected', aGate({ checks: [aCheck({ expect: [] })] }), ['/checks/0/expect']],
    ['too short an interval', aGate({ checks: [aCheck({ intervalSeconds: 0.9 })] }), ['/checks/0/intervalSeconds']],
    ['too short a timeout', aGate({ checks: [aCheck({ timeoutSeconds: 0.05 })] }), ['/checks/0/timeoutSeconds']],
    [
      'a timeout beyond the interval',
      aGate({ checks: [aCheck({ timeoutSeconds: 16 })] }),
      ['/checks/0/timeoutSeconds'],
    ],
    ['more than a day of bake', aGate({ bakeSeconds: 86_401 }), ['/bakeSeconds']],
    [
      'a type of check that is not available',
      aGate({ checks: [aCheck(), { name: 'errors', type: 'prometheus' }] }),
      ['/checks/1/type'],
    ],
    ['a setting that is not known', aGate({ checks: [aCheck({ interval: 15 })] }), ['/checks/0/interval']],
    [
      'a status that cannot be',
      aGate({ checks: [aCheck({ expect: [{ field: 'status', op: 'eq', value: 99 }] })] }),
      ['/checks/0/expect/0/value'],
    ],
    [
      'a duration that cannot be',
      aGate({ checks: [aCheck({ expect: [{ field: 'durationMs', op: 'lt', value: 0 }] })] }),
      ['/checks/0/expect/0/value'],
    ],
    [
      'a field that no answer has',
      aGate({ checks: [aCheck({ expect: [{ field: 'value', op: 'eq', value: 1 }] })] }),
      ['/checks/0/expect/0/field'],
    ],
    [
      'a header that cannot be',
      aGate({ checks: [aCheck({ expect: [{ field: 'header:a b', op: 'eq', value: '1' }] })] }),
      ['/checks/0/expect/0/field'],
    ],
    [
      'a number that is to contain something',
      aGate({ checks: [aCheck({ expect: [{ field: 'durationMs', op: 'contains', value: 1 }] })] }),
      ['/checks/0/expect/0/op'],
    ],
    ['an identity in no header', aGate({ identity: { url: '{host.url}/', field: 'header:' } }), ['/identity/field']],
    ['a line break in a URL', aGate({ checks: [aCheck({ url: '{host.url}/\r\nX: y' })] }), ['/checks/0/url']],
    ['a space in a URL', aGate({ identity: { url: '{host.url}/a b', field: '/digest' } }), ['/identity/url']],
    ['a placeholder for nothing', aGate({ checks: [aCheck({ url: '{host.uri}/readyz' })] }), ['/checks/0/url']],
    ['no URL', aGate({ checks: [aCheck({ url: 'readyz' })] }), ['/checks/0/url']],
    ['credentials in a URL', aGate({ checks: [aCheck({ url: 'http://u:p@127.0.0.1/' })] }), ['/checks/0/url']],
    ['an address that is not allowed', aGate({ checks: [aCheck({ url: 'http://10.1.2.3/' })] }), ['/checks/0/url']],
    [
      'the metadata address',
      aGate({ checks: [aCheck({ url: 'http://[::ffff:169.254.169.254]/' })] }),
      ['/checks/0/url'],
    ],
    [
      'an identity that is the same for all hosts',
      aGate({ identity: { url: 'http://127.0.0.1/', field: '/digest' } }),
      ['/identity/url'],
    ],
    ['a body that is no gate', [], ['']],
  ])('is refused for %s', async (_why, gate, pointers) => {
    const { path } = await aSlot(app, { gate: null });
    const answer = await put(path, gate);
    expect([answer.status, pointersOf(answer)]).toEqual([422, pointers]);
  });

  it('is refused with the types of checks that there are', async () => {
    const { path } = await aSlot(app, { gate: null });
    const { body } = await put(path, aGate({ checks: [aCheck({ type: 'prometheus' })] }));
    expect(body.errors).toEqual([
      { pointer: '/checks/0/type', detail: 'must be a type of check that is available here: "http"' },
    ]);
  });

  it('is refused for a host of the slot that makes no URL of its template', async () => {
    const { path } = await aSlot(app, { gate: null, hosts: [{ name: 'a', url: 'http://127.0.0.1:80' }] });
    expect(pointersOf(await put(path, aGate({ checks: [aCheck({ url: '{host.url}:81/' })] })))).toEqual([
      '/checks/0/url',
    ]);
  });
});

const hostsOf = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ name: `host-${n}`, url: 'http://127.0.0.1' }));
const aLongGate = (bakeSeconds: number) =>
  aGate({ bakeSeconds, checks: [aCheck({ intervalSeconds: 1, timeoutSeconds: 1 })] });

describe('what a gate plans is limited', () => {
  const figure = 'plans 200002 measurements in a bake, of all checks on all hosts; at most 200000 are allowed';

  it('where the gate is put, with the figure', async () => {
    const { path } = await aSlot(app, { gate: null, hosts: hostsOf(2) });
    expect((await put(path, aLongGate(86_400))).status).toBe(200);
    const slot = await aSlot(app, { gate: null, hosts: hostsOf(22) });
    const refused = await put(slot.path, aLongGate(9090));
    expect([refused.status, refused.body.errors]).toEqual([422, [{ pointer: '/checks', detail: figure }]]);
  });

  it('where the hosts are put, with the figure', async () => {
    const { path } = await aSlot(app, { gate: null, hosts: hostsOf(1) });
    await put(path, aLongGate(9090));
    const putHosts = (count: number) => app.request('PUT', `${path}/hosts`, { body: { hosts: hostsOf(count) } });
    expect((await putHosts(21)).status).toBe(200);
    const refused = await putHosts(22);
    expect([refused.status, refused.body.errors]).toEqual([422, [{ pointer: '/hosts', detail: figure }]]);
    expect((await app.request('GET', `${path}/hosts`)).body.hosts).toHaveLength(21);
  });
});
