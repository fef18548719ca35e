import type { Context } from '../context.js';
import type { Ending } from '../exit-codes.js';
import { standingOf, type HostStanding } from '../hosts/deploy-on-hosts.js';
import type { ServicePlan, Version } from '../hosts/host-plan.model.js';
import type { Rollout } from '../hosts/rollout.model.js';
import { green, red, shortDigest } from '../output/text.js';
import { failureOf, type Wish } from './outcome.js';
import type { RolloutView } from './rollout-view.js';

interface Ended {
  readonly type: 'rollout';
  readonly ending: Rollout['ending'];
  readonly code: string | null;
  readonly deployment: string | null;
  readonly hosts: readonly {
    readonly name: string;
    readonly live: Version | null;
    readonly unreachable: string | null;
  }[];
}

/** Says what the hosts serve now, and what it ends the command with. */
export async function conclude(
  context: Context,
  {
    wish,
    rollout,
    plan,
    view,
    again,
  }: { wish: Wish; rollout: Rollout; plan: ServicePlan; view: RolloutView; again: string },
): Promise<Ending> {
  const standings = rollout.ending === 'refused' ? [] : await standingOf(plan);
  const { ending, code } = rollout;
  const hosts = standings.map(({ host: name, live, unreachable }) => ({ name, live, unreachable }));
  const ended: Ended = { type: 'rollout', ending, code, deployment: view.deploymentId, hosts };
  context.output.tell(ended, endedLines);
  const deploymentId = view.deploymentId;
  const failure = failureOf({ wish, rollout, standings, signal: context.signal, again, deploymentId });
  if (failure !== null) throw failure;
  return 'promoted';
}

export function endedLines({ ending, deployment, hosts }: Ended): string[] {
  const lines = hosts.map(({ name, live, unreachable }) => `  host ${name}: ${servedText(live, unreachable)}`);
  return ending === 'promoted' ? [`${green('promoted')}, deployment ${deployment}`, ...lines] : lines;
}

function servedText(live: Version | null, unreachable: HostStanding['unreachable']): string {
  if (unreachable !== null) return red(`cannot be reached: ${unreachable}`);
  return live === null ? 'serves nothing' : `serves ${shortDigest(live.digest)}`;
}
