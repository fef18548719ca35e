import { randomUUID } from 'node:crypto';
import type { Context } from '../context.js';
import type { Ending } from '../exit-codes.js';
import { rollBackOnHosts } from '../hosts/deploy-on-hosts.js';
import { conclude } from './conclude.js';
import { confirm } from './confirm.js';
import { againOf, ledgerOf, rolloutOptions, titleOf } from './rollout-options.js';
import { RolloutView } from './rollout-view.js';
import { targetOf } from './target.js';

interface Asked {
  readonly reason: string;
  readonly to: string | null;
  readonly force?: boolean;
  readonly yes?: boolean;
}

/** In the ledger, and on every host of the environment. What is under way there is taken over. */
export async function rollBackHosts(
  context: Context,
  { reason, to, force = false, yes }: Asked,
  environment: string | undefined,
): Promise<Ending> {
  const target = await targetOf(context, environment);
  const { plan } = target;
  const where = to === null ? 'the last known good release' : to;
  await confirm(context, `Roll ${plan.service} in ${plan.environment} back to ${where}?`, yes);
  const view = new RolloutView(context.output, `${titleOf(target)}, rollback`);
  const back = { to, reason, force, key: randomUUID(), undoing: null };
  const own = { ...rolloutOptions(context, view), ledger: ledgerOf(context, target) };
  const rollout = await context.unbroken(() => rollBackOnHosts(plan, back, own));
  return conclude(context, { wish: 'rollback', rollout, plan, view, again: againOf(target) });
}
