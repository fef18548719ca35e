import * as fc from 'fast-check';
import { type Answer, type TestApplication, startApplication } from '../support/application.js';
import { deploymentRequests } from '../support/deployment-requests.js';
import { aRelease, aSlot, type SlotFixture } from '../support/fixtures.js';
import {
  type DeploymentEvent,
  type DeploymentState,
  isActive,
  TRANSITIONS,
} from '../../src/delivery/deployments/deployment.model.js';

let app: TestApplication;

beforeAll(async () => {
  app = await startApplication();
});
afterAll(() => app.close());

const { create, report, rollBack } = deploymentRequests(() => app);

/** What may be asked of a slot; `pick` says of which of its deployments and releases. */
const requests = {
  create: ({ slot, digest }) => create(slot, digest),
  queue: ({ slot, digest }) => create(slot, digest, { onConflict: 'queue' }),
  deployed: ({ id, fence }) => report(id, 'deployed', { fence }),
  failed: ({ id, fence }) => report(id, 'failed', { fence, reason: 'x' }),
  cancel: ({ id, fence }) => report(id, 'cancel', { fence, reason: 'x', hostsChanged: false }),
  promote: ({ id }) => report(id, 'decision', { decision: 'promote', reason: 'x' }),
  reject: ({ id }) => report(id, 'decision', { decision: 'reject', reason: 'x' }),
  rollBack: ({ slot }) => rollBack(slot),
  force: ({ slot }) => rollBack(slot, { force: true }),
} satisfies Record<string, (target: Target) => Promise<Answer>>;

interface Target {
  readonly slot: SlotFixture;
  readonly digest: string;
  readonly id: string;
  readonly fence: number | null;
}

interface Row {
  readonly id: string;
  readonly state: DeploymentState;
  readonly fence: number | null;
  readonly release: string;
}

interface EventRow {
  readonly id: string;
  readonly event: DeploymentEvent | 'create';
  readonly state: DeploymentState;
}

const wish = fc.record({
  request: fc.constantFrom(...(Object.keys(requests) as (keyof typeof requests)[])),
  pick: fc.nat({ max: 5 }),
});

/** Few clients at once, in several rounds: enough for every pair of requests to meet. */
const rounds = fc.array(fc.array(wish, { minLength: 1, maxLength: 5 }), { minLength: 3, maxLength: 8 });

it('keeps its promises whatever is asked of a slot, in whatever order, by many at once', async () => {
  await fc.assert(
    fc.asyncProperty(rounds, fc.boolean(), async (asked, isGated) => {
      const slot = await aSlot(app, isGated ? { gate: null } : {});
      const releases = [await aRelease(app, { service: slot.service }), await aRelease(app, { service: slot.service })];
      for (const round of asked) {
        const known = await deploymentsOf(slot);
        const answers = await Promise.all(
          round.map(({ request, pick }) => {
            const { id, fence } = known[pick % Math.max(1, known.length)] ?? { id: crypto.randomUUID(), fence: 1 };
            return requests[request]({ slot, digest: releases[pick % 2]?.digest ?? '', id, fence });
          }),
        );
        expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
        await promisesHold(slot);
      }
    }),
    { numRuns: 25 },
  );
}, 120_000);

async function promisesHold(slot: SlotFixture): Promise<void> {
  const deployments = await deploymentsOf(slot);
  const histories = await historiesOf(slot);
  expect(deployments.filter(({ state }) => isActive(state)).length).toBeLessThanOrEqual(1);
  expect(deployments.filter(({ state }) => state === 'queued').length).toBeLessThanOrEqual(1);
  const fences = deployments.flatMap(({ fence }) => fence ?? []);
  expect(fences.toSorted((a, b) => a - b)).toEqual(fences.map((_, index) => index + 1));
  expect((await app.request('GET', slot.path)).body.fence).toBe(fences.length);
  for (const { id, state } of deployments) {
    const history = histories.filter((event) => event.id === id);
    expect(history.at(-1)?.state).toBe(state);
    expect(history.slice(1).filter((event, index) => !isTransition(history[index], event))).toEqual([]);
  }
}

function isTransition(before: EventRow | undefined, { event, state }: EventRow): boolean {
  return before !== undefined && event !== 'create' && TRANSITIONS[before.state][event] === state;
}

function deploymentsOf({ service, environment }: SlotFixture): Promise<Row[]> {
  const sql = `select id, state, fence, release_id as release from deployments
    where service = $1 and environment = $2 order by sequence desc`;
  return app.database.read((handle) => handle.query(sql, [service, environment]));
}

function historiesOf({ service, environment }: SlotFixture): Promise<EventRow[]> {
  const sql = `select e.deployment_id as id, substr(e.type, 12) as event, e.data ->> 'state' as state
    from events e join slots s on s.id = e.slot_id where s.service = $1 and s.environment = $2 order by e.position`;
  return app.database.read((handle) => handle.query(sql, [service, environment]));
}
