import * as fc from 'fast-check';
import { DeploymentDeadlines } from '../../src/delivery/deployments/lifecycle/deployment-deadlines.js';
import { FreezesReader } from '../../src/delivery/freezes/freezes.reader.js';
import { aHost, type FakeHost } from '../support/a-host.js';
import { type Answer, type TestApplication, startApplication } from '../support/application.js';
import { deploymentRequests } from '../support/deployment-requests.js';
import { eventually } from '../support/eventually.js';
import { aRelease, aSlot, type SlotFixture } from '../support/fixtures.js';
import { RunningClock } from '../support/running-clock.js';
import { expectPromisesKept } from '../support/slot-promises.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const clock = new RunningClock();
const frozen = new Set<string>();

let database: TestDatabase;
let host: FakeHost;
/** Two instances on one database: whoever is asked, and whoever watches a gate, may be either. */
let apps: [TestApplication, TestApplication];

beforeAll(async () => {
  database = await createTestDatabase();
  host = await aHost({ '/readyz': {} });
  apps = [await anInstance(), await anInstance()];
});
afterAll(async () => {
  for (const app of apps) await app.close();
  await host.close();
  await database.drop();
});

async function anInstance(): Promise<TestApplication> {
  const app = await startApplication({ databaseUrl: database.url, clock });
  app.nest.get(FreezesReader).register({
    judge: async (_handle, { environment }) => ({
      known: true,
      reasons: frozen.has(environment) ? [{ kind: 'flag', id: 'f', reason: 'the holidays', until: null }] : [],
    }),
  });
  return app;
}

interface Target {
  readonly app: TestApplication;
  readonly slot: SlotFixture;
  readonly digest: string;
  readonly id: string;
  readonly fence: number | null;
}

type Deed = (target: Target) => Promise<Answer | void>;

const from = (app: TestApplication) => deploymentRequests(() => app);
const override = { override: { freeze: 'outage' } };

/** What may be asked of a slot; `pick` says of which of its deployments and releases. */
const requests = {
  create: ({ app, slot, digest }) => from(app).create(slot, digest),
  queue: ({ app, slot, digest }) => from(app).create(slot, digest, { onConflict: 'queue' }),
  override: ({ app, slot: { service, environment }, digest }) =>
    app.request('POST', '/v1/deployments', {
      headers: { 'idempotency-key': crypto.randomUUID() },
      body: { service, environment, digest, ...override },
    }),
  heartbeat: ({ app, id, fence }) => from(app).report(id, 'heartbeat', { fence }),
  deployed: ({ app, id, fence }) => from(app).report(id, 'deployed', { fence }),
  failed: ({ app, id, fence }) => from(app).report(id, 'failed', { fence, reason: 'x' }),
  cancel: ({ app, id, fence }) => from(app).report(id, 'cancel', { fence, reason: 'x', hostsChanged: false }),
  promote: ({ app, id }) => from(app).report(id, 'decision', { decision: 'promote', reason: 'x' }),
  reject: ({ app, id }) => from(app).report(id, 'decision', { decision: 'reject', reason: 'x' }),
  rollBack: ({ app, slot }) => from(app).rollBack(slot),
  force: ({ app, slot }) => from(app).rollBack(slot, { force: true }),
} satisfies Record<string, Deed>;

const ENGINE_DIES = `
  with gone as (
    delete from gate_engines where id = (select engine_id from gate_runs where ended_at is null limit 1)
    returning id, seen_at
  )
  update gate_runs r set engine_id = null, unwatched_since = gone.seen_at from gone where r.engine_id = gone.id`;

/** What happens to it besides. */
const happenings = {
  freeze: async ({ slot }) => void frozen.add(slot.environment),
  thaw: async ({ slot }) => void frozen.delete(slot.environment),
  sweep: ({ app }) => app.nest.get(DeploymentDeadlines).sweep(),
  halfAnHourPasses: async ({ app }) => {
    clock.advance(30 * 60_000);
    await app.nest.get(DeploymentDeadlines).sweep();
  },
  hostBreaks: async () => host.answer('/readyz', { status: 500 }),
  hostMends: async () => host.answer('/readyz', {}),
  // As the other instance does where a lease has run out: whoever had the run finds out, and either takes it.
  engineDies: async () => void (await database.query(ENGINE_DIES)),
  gateEnds: ({ slot }) => noGateRuns(slot),
} satisfies Record<string, Deed>;

const deeds: Record<string, Deed> = { ...requests, ...happenings };

/** Deployments get as far as their gate more often than chance alone would have it. */
const names = [...Object.keys(deeds), 'create', 'deployed', 'deployed', 'deployed', 'gateEnds'];
const anyPick = fc.oneof({ arbitrary: fc.constant(0), weight: 2 }, { arbitrary: fc.nat({ max: 5 }), weight: 1 });
const wish = fc.record({ name: fc.constantFrom(...names), pick: anyPick, at: fc.constantFrom(0, 1) });

/** Few clients at once, in several rounds: enough for every pair of deeds to meet. */
const rounds = fc.array(fc.array(wish, { minLength: 1, maxLength: 5 }), { minLength: 3, maxLength: 10 });

const check = {
  name: 'ready',
  type: 'http',
  url: '{host.url}/readyz',
  intervalSeconds: 1,
  expect: [{ field: 'status', op: 'eq', value: 200 }],
};
const gates = {
  none: { gate: null },
  ungated: { gate: { ungated: 'a test' } },
  running: { gate: { warmUpSeconds: 0, bakeSeconds: 1, checks: [check] } },
};

type Gate = keyof typeof gates;
type Wish = { name: string; pick: number; at: number };

/** One after the other, each of the newest deployment unless a number says otherwise, at either instance in turn. */
const story = (gate: Gate, ...told: (string | [string, number])[]): [Wish[][], Gate] => [
  told.map((deed, n) => {
    const [name, of] = typeof deed === 'string' ? [deed, 0] : deed;
    return [{ name, pick: of, at: n % 2 }];
  }),
  gate,
];

/** Histories that broke a promise once, or that chance seldom finds. */
const KNOWN: [Wish[][], Gate][] = [
  story('ungated', 'create', 'queue', 'freeze', ['deployed', 1], 'override', 'deployed', 'thaw', 'sweep'),
  story('ungated', 'create', 'deployed', 'create', 'queue', 'force', 'deployed', 'sweep'),
  story('running', 'create', 'heartbeat', 'deployed', 'engineDies', 'gateEnds', 'create', 'deployed', 'rollBack'),
  story('none', 'create', 'halfAnHourPasses', 'create', 'deployed', 'heartbeat', 'queue', 'halfAnHourPasses'),
];

it('keeps its promises whatever is asked of a slot and happens to it, in whatever order, by many at once', async () => {
  await fc.assert(
    fc.asyncProperty(rounds, fc.constantFrom<Gate>('none', 'ungated', 'running', 'running'), async (asked, gate) => {
      const [app] = apps;
      const slot = await aSlot(app, { hosts: gate === 'running' ? [host] : [], ...gates[gate] });
      const releases = [await aRelease(app, { service: slot.service }), await aRelease(app, { service: slot.service })];
      for (const round of asked) {
        const known = await deploymentsOf(slot);
        const answers = await Promise.all(
          round.map(({ name, pick, at }) => {
            const { id, fence } = known[pick % Math.max(1, known.length)] ?? { id: crypto.randomUUID(), fence: 1 };
            return deeds[name]?.({ app: apps[at] ?? app, slot, digest: releases[pick % 2]?.digest ?? '', id, fence });
          }),
        );
        expect(answers.filter((answer) => answer && answer.status >= 500)).toEqual([]);
        await expectPromisesKept(app, slot);
      }
      await noGateRuns(slot);
      await expectPromisesKept(app, slot);
    }),
    // Not shrunk: a failure names its seed and path, and gates take their time.
    { numRuns: 20, endOnFailure: true, examples: KNOWN },
  );
}, 300_000);

/** Every gate comes to its end, whoever has to take it over. */
async function noGateRuns(slot: SlotFixture): Promise<void> {
  await eventually(async () => {
    expect((await deploymentsOf(slot)).filter(({ state }) => state === 'verifying')).toEqual([]);
  }, 20_000);
}

function deploymentsOf({ service, environment }: SlotFixture): Promise<Omit<Target & { state: string }, 'app'>[]> {
  const sql = 'select id, state, fence from deployments where service = $1 and environment = $2 order by sequence desc';
  return apps[0].database.query('deployments-of', sql, [service, environment]);
}
