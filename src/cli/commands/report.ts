import type { Schemas } from '../../client/plimsoll-client.js';
import { CommandFailure } from '../command-failure.js';
import type { Context } from '../context.js';
import { forget, isNotAllowed, Reporter, toReport } from '../deploy/unreported-deployments.js';
import { type Target, targetOf } from '../deploy/target.js';
import type { Ending } from '../exit-codes.js';
import { standingOf } from '../hosts/deploy-on-hosts.js';
import type { Unreported } from '../hosts/unreported.js';
import { failureOf } from '../output/tell-failure.js';
import { shortDigest, stateText } from '../output/text.js';

interface Options {
  readonly overrideFreeze?: string;
}

/** `plimsoll report [environment]`: tells the ledger what was deployed without it. */
export async function report(context: Context, options: Options, environment?: string): Promise<Ending> {
  const target = await targetOf(context, environment);
  const client = await context.client();
  const { past, served } = toReport(await standingOf(target.plan));
  if (past.length === 0 && served === null) {
    context.output.tell({ type: 'nothing' }, () => ['The ledger has heard of everything that was deployed here.']);
    return 'promoted';
  }
  const { service, environment: name } = target.plan;
  const reporter = new Reporter(client, { service, environment: name }, context.signal);
  const left = await tellPast(context, target, reporter, past);
  if (served !== null) {
    const deployment = await reporter.tellServed(served, options.overrideFreeze);
    await forget(target.plan, [served]);
    tellServed(context, served, deployment, name);
  }
  if (left === null) return 'promoted';
  throw new CommandFailure('notAllowed', `${countOf(past)} of before stay untold.`, {
    why: 'What is over is told as history, which takes the token of an admin.',
    mend: `plimsoll report ${name}, with such a token`,
    cause: left,
  });
}

/** Why the ledger does not take them from this token; null where it has. */
async function tellPast(
  context: Context,
  { plan }: Target,
  reporter: Reporter,
  past: readonly Unreported[],
): Promise<unknown> {
  try {
    await reporter.tellPast(past);
  } catch (error) {
    if (isNotAllowed(error)) return error;
    throw error;
  }
  await forget(plan, past);
  for (const entry of past) {
    context.output.tell({ type: 'reported', as: 'history', ...entry }, ({ digest, state, createdAt }) => [
      `told as history: ${shortDigest(digest)} of ${createdAt}, ${stateText(state)}`,
    ]);
  }
  return null;
}

function tellServed(context: Context, served: Unreported, { id, state }: Schemas['Deployment'], environment: string) {
  context.output.tell({ type: 'reported', as: 'deployment', ...served, id, state }, (event) => [
    `told: the hosts serve ${shortDigest(event.digest)}, deployment ${event.id}, ${stateText(event.state)}`,
    ...(event.state === 'verifying' ? [`  plimsoll verdict ${environment} --wait waits for its gate`] : []),
  ]);
}

/** Before another deployment begins: what runs is past once that is there. It begins in any case. */
export async function reportBefore(context: Context, target: Target): Promise<void> {
  const { past, served } = toReport(await standingOf(target.plan));
  const all = served === null ? past : [...past, served];
  if (all.length === 0) return;
  const { service, environment } = target.plan;
  const reporter = new Reporter(await context.client(), { service, environment }, context.signal);
  const left = await tellPast(context, target, reporter, all).catch((error: unknown) => error);
  if (left === null) return;
  const why = isNotAllowed(left) ? 'It takes the token of an admin.' : failureOf(left).message;
  const what = `${countOf(all)} without the ledger: it has not heard of that yet. ${why}`;
  context.note(`${what} plimsoll report ${environment} tells it.`);
}

function countOf({ length }: readonly unknown[]): string {
  return length === 1 ? 'One deployment' : `${length} deployments`;
}
