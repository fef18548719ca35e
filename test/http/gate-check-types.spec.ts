import { z } from 'zod';
import { type CheckType, CheckTypes, type Reading } from '../../src/delivery/gates/checks/check-types.js';
import { checkSettings } from '../../src/delivery/gates/gates.dto.js';
import { startApplication, type TestApplication } from '../support/application.js';
import { eventually } from '../support/eventually.js';
import { aDeployment, aSlot } from '../support/fixtures.js';

let app: TestApplication;
/** What the witness answers, and for which instants it was asked. */
let answer: Reading;
let asked: number[];

/** A type of check as another one may be: asked once and not per host, and able to tell of the past. */
const witness: CheckType = {
  type: 'witness',
  isWitness: true,
  whenLate: 'measured',
  schema: z.strictObject({ ...checkSettings, type: z.literal('witness'), question: z.string() }),
  cadence: () => ({ initialDelaySeconds: 0, intervalSeconds: 1, timeoutSeconds: 1 }),
  isPerHost: () => false,
  hasField: (field) => field === 'value',
  rangeOf: () => ({ least: -Infinity, most: Infinity, isWhole: false }),
  faultsOf: ({ question }) => (question === '' ? [{ pointer: '/question', detail: 'asks nothing' }] : []),
  prepare: () => async (dueAt) => {
    asked.push(dueAt.getTime());
    return answer;
  },
};

beforeAll(async () => {
  app = await startApplication();
  app.nest.get(CheckTypes).register(witness);
});
beforeEach(() => {
  answer = { outcome: 'pass', value: 0.01, detail: null };
  asked = [];
});
afterAll(() => app.close());

const aCheck = (overrides: object = {}) => ({
  name: 'errors',
  type: 'witness',
  question: 'how many',
  expect: [{ field: 'value', op: 'lt', value: 1 }],
  ...overrides,
});
const aGate = (overrides: object = {}) => ({ warmUpSeconds: 0, bakeSeconds: 1, checks: [aCheck()], ...overrides });

async function judged(gate: object) {
  const slot = await aSlot(app, { gate });
  const { id } = await aDeployment(app, { ...slot, state: 'verifying' });
  return { id, verdict: await verdictOf(id) };
}
const verdictOf = (id: string) =>
  eventually(async () => {
    const { body } = await app.request('GET', `/v1/deployments/${id}/verdict`);
    expect(body.verdict).not.toBe('pending');
    return `${body.verdict} ${body.reasons[0].code}`;
  }, 20_000);

describe('another type of check', () => {
  it('is put by its own schema and rules', async () => {
    const { path } = await aSlot(app, { gate: null });
    const put = (check: object) => app.request('PUT', `${path}/gate`, { body: aGate({ checks: [check] }) });
    expect((await put(aCheck())).status).toBe(200);
    const pointers = await Promise.all(
      [{ question: '' }, { question: 1 }, { url: 'http://127.0.0.1' }, { expect: [] }].map(async (overrides) => {
        const { body } = await put(aCheck(overrides));
        return body.errors[0].pointer;
      }),
    );
    expect(pointers).toEqual(['/checks/0/question', '/checks/0/question', '/checks/0/url', '/checks/0/expect']);
  });

  it('is in the OpenAPI document with all that it takes', async () => {
    const { body } = await app.request('GET', '/openapi.json', { token: null });
    const { GateSpecification, HttpCheck } = body.components.schemas;
    expect(GateSpecification.properties.checks.items.oneOf).toMatchObject([
      { $ref: '#/components/schemas/HttpCheck' },
      { properties: { type: { const: 'witness' }, question: { type: 'string' } } },
    ]);
    expect(HttpCheck.properties.type).toMatchObject({ const: 'http' });
  });

  it('is measured once and needs no host', async () => {
    const { id, verdict } = await judged(aGate());
    expect(verdict).toBe('promote all-checks-passed');
    const { body } = await app.request('GET', `/v1/deployments/${id}/measurements`);
    expect(body.items).toMatchObject([
      { check: 'errors', host: null, n: 1, outcome: 'pass', value: 0.01 },
      { check: 'errors', host: null, n: 0 },
    ]);
  });

  it.each<[Reading['outcome'], object, string]>([
    ['error', { errorAt: 2 }, 'hold check-error'],
    ['no_data', {}, 'hold no-evidence'],
    ['no_data', { onNoData: 'pass' }, 'promote all-checks-passed'],
    ['no_data', { onNoData: 'fail' }, 'rollback check-failed'],
  ])('whose measurements are %s, with %j, leads to %s', async (outcome, overrides, expected) => {
    answer = { outcome, value: null, detail: 'nothing to say' };
    expect((await judged(aGate({ checks: [aCheck(overrides)] }))).verdict).toBe(expected);
  });

  it('is asked for each instant that nobody watched, so that nothing is missed', async () => {
    const slot = await aSlot(app, { gate: aGate({ warmUpSeconds: 3600, bakeSeconds: 4 }) });
    const { id } = await aDeployment(app, { ...slot, state: 'verifying' });
    await app.database.read((handle) =>
      handle.query(
        `update gate_runs set engine_id = null, unwatched_since = now() - interval '2 h',
                bake_begins_at = bake_begins_at - interval '2 h', bake_ends_at = bake_ends_at - interval '2 h'
          where deployment_id = $1`,
        [id],
      ),
    );
    expect(await verdictOf(id)).toBe('promote all-checks-passed');
    const [begin = 0] = asked;
    expect(asked.map((at) => at - begin)).toEqual([0, 1000, 2000, 3000, 4000]);
  });
});
