import { answered, type PlimsollClient, type Schemas } from '../../client/plimsoll-client.js';
import type { Finding } from '../doctor/finding.js';
import { gateFinding, hostsFinding } from '../doctor/slot-findings.js';
import { standingOf, type HostStanding } from '../hosts/deploy-on-hosts.js';
import { batchesOf, type Version } from '../hosts/host-plan.model.js';
import { holderText } from '../hosts/journal.js';
import type { NamedRelease } from './release.js';
import type { Target } from './target.js';

/** What stands in the way of a deployment now. */
export interface Obstacle {
  /** `slot-busy`, `frozen`, `held`, `unreachable`. */
  readonly code: string;
  readonly text: string;
  readonly mend: string;
}

export interface PlannedHost {
  readonly name: string;
  readonly batch: number;
  readonly live: Version | null;
  readonly unreachable: string | null;
}

/** What a deployment would do, and what it would meet. */
export interface Outlook {
  readonly type: 'plan';
  readonly service: string;
  readonly environment: string;
  readonly release: { readonly digest: string; readonly version: string; readonly isKnown: boolean };
  readonly running: Schemas['Slot']['runningRelease'];
  readonly replicas: number;
  readonly drainSeconds: number;
  readonly migration: readonly string[] | null;
  readonly hosts: readonly PlannedHost[];
  readonly findings: readonly Finding[];
  readonly obstacles: readonly Obstacle[];
  /** What runs was promoted while nobody followed its gate: hosts remember it as begun, and that is ended first. */
  readonly isToBeEnded: boolean;
}

interface Asked {
  readonly client: PlimsollClient;
  readonly release: NamedRelease;
  readonly overrideFreeze: boolean;
  readonly signal: AbortSignal;
}

export async function outlookOf({ settings, plan }: Target, asked: Asked): Promise<Outlook> {
  const { client, release, signal } = asked;
  const path = { service: plan.service, environment: plan.environment };
  const call = client.GET('/v1/services/{service}/environments/{environment}', { params: { path }, signal });
  const [slot, standings] = await Promise.all([answered(call), standingOf(plan)]);
  const ledger = { client, slot: path, signal };
  const findings = await Promise.all([hostsFinding(ledger, settings), gateFinding(ledger, settings)]);
  const { digest, version, isKnown } = release;
  const state = await stateOfHeld(standings, asked);
  return {
    type: 'plan',
    ...path,
    release: { digest, version, isKnown },
    running: slot.runningRelease,
    replicas: plan.replicas,
    drainSeconds: plan.drain.delayMs / 1000,
    migration: plan.migration?.command ?? null,
    hosts: plannedHosts(plan.batch, standings),
    findings,
    obstacles: [...slotObstacles(slot, asked.overrideFreeze), ...hostObstacles(standings, state)],
    isToBeEnded: state === 'promoted',
  };
}

function plannedHosts(batch: string, standings: readonly HostStanding[]): PlannedHost[] {
  return batchesOf(standings, batch).flatMap((hosts, n) =>
    hosts.map(({ host, live, unreachable }) => ({ name: host, batch: n + 1, live, unreachable })),
  );
}

function slotObstacles({ activeDeployment, freeze }: Schemas['Slot'], overrideFreeze: boolean): Obstacle[] {
  const found: Obstacle[] = [];
  if (activeDeployment) {
    const { id, kind, state, actor, deadline } = activeDeployment;
    const until = deadline === null ? 'until its verdict' : `until ${deadline}`;
    const text = `${actor} holds the slot ${until}: a ${kind}, ${state} (deployment ${id})`;
    found.push({ code: 'slot-busy', text, mend: '--wait waits for it' });
  }
  if (freeze.frozen && !overrideFreeze) {
    const why = freeze.reasons.map(({ reason }) => reason).join('; ');
    const until = freeze.nextOpen === null ? '' : ` until ${freeze.nextOpen}`;
    found.push({ code: 'frozen', text: `deployments are frozen${until}: ${why}`, mend: 'plimsoll freeze list' });
  }
  return found;
}

/** Of what hosts remember as begun, the state in the ledger; null where neither knows of anything. */
async function stateOfHeld(standings: readonly HostStanding[], { client, signal }: Asked): Promise<string | null> {
  const id = standings.find(({ journal }) => journal !== null)?.journal?.ledgerId ?? null;
  if (id === null) return null;
  return (await answered(client.GET('/v1/deployments/{id}', { params: { path: { id } }, signal }))).state;
}

function hostObstacles(standings: readonly HostStanding[], state: string | null): Obstacle[] {
  const gone = standings.flatMap(({ host, unreachable }) =>
    unreachable === null
      ? []
      : [{ code: 'unreachable', text: `host ${host}: ${unreachable}`, mend: 'See that its Podman answers' }],
  );
  const held = standings.find(({ journal }) => journal !== null);
  if (!held?.journal || state === 'promoted') return gone;
  const mend = '--wait waits for it; if it was cut off, --resume goes on with it, and --abort takes it back';
  return [
    ...gone,
    { code: 'held', text: `${holderText(held.host, held.journal)}${state === null ? '' : `, ${state}`}`, mend },
  ];
}
