import type { EntityManager } from 'typeorm';
import {
  type DeploymentEvent,
  type DeploymentState,
  isActive,
  TRANSITIONS,
} from '../../src/delivery/deployments/deployment.model.js';
import { SlotLedger } from '../../src/delivery/deployments/slots/slot-ledger.js';
import type { TestApplication } from './application.js';
import type { SlotFixture } from './fixtures.js';

interface Deployment {
  readonly id: string;
  readonly kind: string;
  readonly state: DeploymentState;
  readonly sequence: number;
  readonly fence: number | null;
  readonly release: string;
  readonly hostsChanged: boolean | null;
  readonly freeze: { readonly frozen: boolean; readonly override: object | null };
}

interface Happened {
  readonly id: string;
  readonly event: DeploymentEvent | 'create';
  readonly state: DeploymentState;
}

interface Slot {
  readonly id: string;
  readonly fence: number;
  readonly running: string | null;
  readonly runningState: string;
}

const DEPLOYMENTS = `
  select id, kind, state, sequence, fence, release_id as release, hosts_changed as "hostsChanged",
    freeze_decision as freeze
  from deployments where slot_id = $1 order by sequence desc`;
const HISTORY = `
  select deployment_id as id, substr(type, 12) as event, data ->> 'state' as state
  from events where slot_id = $1 order by position`;
const AUDITED = `
  select a.subject || ' ' || substr(a.action, 12) as what from audit_log a join deployments d on d.id::text = a.subject
  where d.slot_id = $1 and a.action not in ('deployment.create', 'deployment.rollback')`;
const WATCHED = `select deployment_id as id from gate_runs where slot_id = $1 and ended_at is null`;
const SLOT = `
  select s.id, st.fence, st.running_release_id as running, st.running_release_state as "runningState"
  from slots s join slot_states st on st.slot_id = s.id where s.service = $1 and s.environment = $2`;

/** Fails unless a slot keeps all its promises at this instant. Engines may be at work: all is read in one snapshot. */
export async function expectPromisesKept(app: TestApplication, { service, environment }: SlotFixture): Promise<void> {
  await app.database.transaction(async (tx) => {
    await tx.query('set transaction isolation level repeatable read');
    const [slot] = await tx.query<Slot[]>(SLOT, [service, environment]);
    if (!slot) return;
    const read = <Row>(sql: string): Promise<Row[]> => tx.query<Row[]>(sql, [slot.id]);
    const deployments = await read<Deployment>(DEPLOYMENTS);
    const history = await read<Happened>(HISTORY);
    expectOneAtATime(slot, deployments);
    expectLegalLives(deployments, history);
    expect((await read<{ id: string }>(WATCHED)).map(({ id }) => id)).toEqual(idsIn(deployments, 'verifying'));
    expect({ release: slot.running, state: slot.runningState }).toEqual(runningBy(deployments, history));
    expect((await read<{ what: string }>(AUDITED)).map(({ what }) => what).toSorted()).toEqual(movesOf(history));
    await expectNewestIsGood(app, tx, slot.id, deployments);
  });
}

export function idsIn(deployments: readonly Deployment[], state: DeploymentState): string[] {
  return deployments.filter((deployment) => deployment.state === state).map(({ id }) => id);
}

/** Fences are given without a gap, in the order of the wishes: so nothing starts over something newer. */
function expectOneAtATime(slot: Slot, deployments: readonly Deployment[]): void {
  expect(deployments.filter(({ state }) => isActive(state)).length).toBeLessThanOrEqual(1);
  expect(idsIn(deployments, 'queued').length).toBeLessThanOrEqual(1);
  const started = deployments.filter(({ fence }) => fence !== null).toReversed();
  expect(started.map(({ fence }) => fence)).toEqual(started.map((_, index) => index + 1));
  expect(slot.fence).toBe(started.length);
  const waiting = deployments.find(({ state }) => state === 'queued');
  if (waiting) expect(waiting.sequence).toBeGreaterThan(started.at(-1)?.sequence ?? 0);
  const smuggled = started.filter(({ kind, freeze }) => kind !== 'rollback' && freeze.frozen && !freeze.override);
  expect(smuggled).toEqual([]);
}

/** Every move is one of the table, and the last one led to where the deployment is. */
function expectLegalLives(deployments: readonly Deployment[], history: readonly Happened[]): void {
  for (const { id, state } of deployments) {
    const life = history.filter((happened) => happened.id === id);
    expect(life.at(-1)?.state).toBe(state);
    expect(life.slice(1).filter((happened, index) => !isTransition(life[index], happened))).toEqual([]);
  }
}

function isTransition(before: Happened | undefined, { event, state }: Happened): boolean {
  return before !== undefined && event !== 'create' && TRANSITIONS[before.state][event] === state;
}

/** What the slot runs, told from its history alone. */
function runningBy(deployments: readonly Deployment[], history: readonly Happened[]) {
  const byId = new Map(deployments.map((deployment) => [deployment.id, deployment]));
  let running: { release: string | null; state: string } = { release: null, state: 'none' };
  for (const { id, event, state } of history) {
    const deployment = byId.get(id);
    if (event === 'deployed') running = { release: deployment?.release ?? null, state: 'known' };
    if (state === 'failed' && deployment?.hostsChanged !== false) running = { release: null, state: 'unknown' };
  }
  return running;
}

function movesOf(history: readonly Happened[]): string[] {
  return history.flatMap(({ id, event }) => (event === 'create' ? [] : `${id} ${event}`)).toSorted();
}

async function expectNewestIsGood(
  app: TestApplication,
  tx: EntityManager,
  slotId: string,
  deployments: readonly Deployment[],
): Promise<void> {
  const promoted = deployments.filter(({ state }) => state === 'promoted');
  const newest = promoted.toSorted((a, b) => (b.fence ?? 0) - (a.fence ?? 0))[0];
  expect(await app.nest.get(SlotLedger).lastKnownGood(tx, slotId, [])).toBe(newest?.release ?? null);
}
