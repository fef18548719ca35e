import { faultsOf } from './gate-rules.model.js';
import type { CheckKind, CheckSpecification, GatedSpecification, GateSubject } from './gate-specification.model.js';

const http: CheckKind = {
  type: 'http',
  isWitness: false,
  whenLate: 'missed',
  cadence: () => ({ initialDelaySeconds: 0, intervalSeconds: 15, timeoutSeconds: 5 }),
  isPerHost: () => true,
  hasField: (field) => field === 'status',
  rangeOf: (field) => (field === 'status' ? { least: 100, most: 999, isWhole: true } : null),
  faultsOf: ({ url }) => (url === 'bad' ? [{ pointer: '/url', detail: 'is bad' }] : []),
};
const aCheck = (overrides: Partial<CheckSpecification> = {}): CheckSpecification => ({
  name: 'ready',
  type: 'http',
  expect: [{ field: 'status', op: 'eq', value: 200 }],
  ...overrides,
});
const anIdentity = (overrides = {}): GatedSpecification => ({
  identity: { url: '{host.url}/info', field: '/imageDigest', ...overrides },
  checks: [aCheck()],
});
const pointersOf = (specification: GatedSpecification, bakeSeconds = 600, hosts: GateSubject['hosts'] = []) =>
  faultsOf(specification, {
    kinds: (type) => (type === 'http' ? http : undefined),
    bakeSeconds,
    subject: { service: 'checkout', environment: 'production', hosts },
    faultOfUrl: (template) => (template.includes('{nothing}') ? 'stands for nothing' : null),
    isIdentityField: (field) => field.startsWith('/'),
  }).map(({ pointer }) => pointer);

describe('the rules of a gate', () => {
  it('find no fault with one that can prove something', () => {
    expect(pointersOf(anIdentity())).toEqual([]);
  });

  it.each<[string, Partial<CheckSpecification>, string]>([
    ['a type that is not available', { type: 'prometheus' }, '/checks/0/type'],
    ['a timeout longer than the interval', { intervalSeconds: 2, timeoutSeconds: 3 }, '/checks/0/timeoutSeconds'],
    ['a required check that the bake never measures', { initialDelaySeconds: 601 }, '/checks/0/initialDelaySeconds'],
    ['neither an expectation nor a baseline', { expect: [] }, '/checks/0/expect'],
    ['an unknown field', { expect: [{ field: 'value', op: 'eq', value: 1 }] }, '/checks/0/expect/0/field'],
    [
      'a value that its operator cannot use',
      { expect: [{ field: 'status', op: 'in', value: 1 }] },
      '/checks/0/expect/0/value',
    ],
    [
      'a list of values without any',
      { expect: [{ field: 'status', op: 'in', value: [] }] },
      '/checks/0/expect/0/value',
    ],
    [
      'a number that is to contain something',
      { expect: [{ field: 'status', op: 'contains', value: 20 }] },
      '/checks/0/expect/0/op',
    ],
    ['a number that cannot be', { expect: [{ field: 'status', op: 'eq', value: 99 }] }, '/checks/0/expect/0/value'],
    ['what any number is', { expect: [{ field: 'status', op: 'gte', value: 100 }] }, '/checks/0/expect/0/value'],
    [
      'two conditions that cannot both hold',
      {
        expect: [
          { field: 'status', op: 'eq', value: 200 },
          { field: 'status', op: 'eq', value: 503 },
        ],
      },
      '/checks/0/expect',
    ],
    ['what its own type refuses', { url: 'bad' }, '/checks/0/url'],
  ])('refuse %s', (_what, overrides, pointer) => {
    expect(pointersOf({ checks: [aCheck(overrides)] })).toEqual([pointer]);
  });

  it('refuse a gate without a required check', () => {
    expect(pointersOf({ checks: [] })).toEqual(['/checks']);
    expect(pointersOf({ checks: [aCheck({ required: false })] })).toEqual(['/checks']);
  });

  it('let a check that only advises begin after the bake', () => {
    expect(
      pointersOf({ checks: [aCheck(), aCheck({ name: 'later', required: false, initialDelaySeconds: 601 })] }),
    ).toEqual([]);
  });

  it('let a baseline stand in for expectations', () => {
    expect(pointersOf({ checks: [aCheck({ expect: [], baseline: { factor: 1.2 } })] })).toEqual([]);
  });

  it('refuse a name that is taken', () => {
    expect(pointersOf({ checks: [aCheck(), aCheck()] })).toEqual(['/checks/1/name']);
  });

  it('refuse more than 50 checks', () => {
    const checks = Array.from({ length: 51 }, (_, index) => aCheck({ name: `c${index}` }));
    expect(pointersOf({ checks: checks.slice(1) })).toEqual([]);
    expect(pointersOf({ checks })).toEqual(['/checks']);
  });

  it('refuse more than 200,000 planned measurements, those included that only advise', () => {
    const hosts = ['a', 'b'].map((name) => ({ name, url: `http://${name}` }));
    const check = aCheck({ intervalSeconds: 1, timeoutSeconds: 1 });
    const twice = { checks: [check, { ...check, name: 'advice', required: false }] };
    // The measurement at the begin counts as well.
    expect(pointersOf(twice, 49_999, hosts)).toEqual([]);
    expect(pointersOf(twice, 50_000, hosts)).toEqual(['/checks']);
    expect(pointersOf({ checks: [check] }, 50_000, hosts)).toEqual([]);
  });

  it.each([
    ['a URL that is the same for every host', { url: 'http://gateway/info' }, '/identity/url'],
    ['an unknown placeholder', { url: '{host.url}/{nothing}' }, '/identity/url'],
    ['a field that cannot be read', { field: 'imageDigest' }, '/identity/field'],
    ['a time too short for its probes', { consecutive: 6, withinSeconds: 9.9 }, '/identity/withinSeconds'],
  ])('refuse an identity with %s', (_what, overrides, pointer) => {
    expect(pointersOf(anIdentity(overrides))).toEqual([pointer]);
  });

  it('let an identity be established by the last probe of its time', () => {
    expect(pointersOf(anIdentity({ consecutive: 6, withinSeconds: 10 }))).toEqual([]);
  });
});
