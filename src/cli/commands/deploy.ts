import { CommandFailure } from '../command-failure.js';
import type { Context } from '../context.js';
import { conclude } from '../deploy/conclude.js';
import { confirm } from '../deploy/confirm.js';
import { outlookLines } from '../deploy/outlook-text.js';
import { outlookOf, type Outlook } from '../deploy/outlook.js';
import { digestOrFail, putRelease, releaseOf, type ReleaseOptions } from '../deploy/release.js';
import { againOf, ledgerOf, rolloutOptions, titleOf, verifierOf } from '../deploy/rollout-options.js';
import { RolloutView } from '../deploy/rollout-view.js';
import { type Target, targetOf } from '../deploy/target.js';
import type { Ending } from '../exit-codes.js';
import { abortOnHosts, deployOnHosts, resumeOnHosts } from '../hosts/deploy-on-hosts.js';
import type { ReleaseName } from '../hosts/unreported.js';
import { refusals } from '../output/problem-failure.js';
import { reportBefore } from './report.js';

interface Options extends ReleaseOptions {
  readonly yes?: boolean;
  readonly wait?: boolean;
  readonly resume?: boolean;
  readonly abort?: boolean;
  readonly sequenceKey?: string;
  readonly overrideFreeze?: string;
  readonly withoutLedger?: boolean;
  readonly bake: number;
}

/** `plimsoll deploy [environment]` */
export async function deploy(context: Context, options: Options, environment?: string): Promise<Ending> {
  const target = await targetOf(context, environment);
  if (options.resume && options.abort) throw new CommandFailure('usage', 'Give --resume or --abort, not both.');
  if (options.resume || options.abort) return goOn(context, options, target);
  if (options.withoutLedger) return deployWithoutLedger(context, options, target);
  const verify = await verifierOf(target);
  const client = await context.client();
  const { signal } = context;
  const release = await releaseOf(client, target.plan.service, options, signal);
  const overrideFreeze = options.overrideFreeze !== undefined;
  const outlook = await outlookOf(target, { client, release, overrideFreeze, signal });
  context.output.tell(outlook, outlookLines);
  if (!options.wait) assertFree(outlook);
  await confirm(context, `Deploy ${release.version} to ${outlook.environment}?`, options.yes);
  await putRelease(client, target.plan.service, release, options, signal);
  await reportBefore(context, target);
  const { running } = outlook;
  const ledger = ledgerOf(context, target, {
    kind: running?.digest === release.digest ? 'redeploy' : 'deploy',
    // What was confirmed is what is done; whoever waits, waits for another release to run.
    ...(!options.wait && running !== null && { expectedPrevious: running.digest }),
    ...(options.sequenceKey !== undefined && { sequenceKey: options.sequenceKey }),
    ...(options.overrideFreeze !== undefined && { overrideFreeze: options.overrideFreeze }),
  });
  const view = new RolloutView(context.output, `${titleOf(target)} → ${release.version}`);
  const own = { ...rolloutOptions(context, view), verify, ledger, waitMs: options.wait ? Infinity : 0 };
  const rollout = await context.unbroken(async () => {
    if (outlook.isToBeEnded) await resumeOnHosts(target.plan, { ...own, report: () => {} });
    return deployOnHosts(target.plan, release.digest, own);
  });
  return conclude(context, { wish: 'deploy', rollout, plan: target.plan, view, again: againOf(target) });
}

async function goOn(context: Context, options: Options, target: Target): Promise<Ending> {
  const { abort = false } = options;
  const { plan } = target;
  const what = `${abort ? 'Bring every host back in' : 'Go on in'} ${plan.environment}?`;
  await confirm(context, what, options.yes);
  const view = new RolloutView(context.output, titleOf(target));
  const ledger = options.withoutLedger ? null : ledgerOf(context, target);
  const verify = abort ? null : await verifierOf(target);
  const own = { ...rolloutOptions(context, view), verify, ledger, bakeMs: options.bake * 1000 };
  const rollout = await context.unbroken(() => (abort ? abortOnHosts(plan, own) : resumeOnHosts(plan, own)));
  if (rollout === null) {
    context.output.tell({ type: 'nothing' }, () => ['Nothing was begun here that is not ended.']);
    return 'promoted';
  }
  return conclude(context, { wish: abort ? 'abort' : 'deploy', rollout, plan, view, again: againOf(target) });
}

async function deployWithoutLedger(context: Context, options: Options, target: Target): Promise<Ending> {
  const { plan } = target;
  const digest = digestOrFail(options);
  await confirm(context, `Deploy ${digest} to ${plan.environment} without the ledger?`, options.yes);
  const view = new RolloutView(context.output, `${titleOf(target)}, without the ledger`);
  const own = {
    ...rolloutOptions(context, view),
    verify: await verifierOf(target),
    bakeMs: options.bake * 1000,
    name: nameOf(options),
    waitMs: options.wait ? Infinity : 0,
  };
  const rollout = await context.unbroken(() => deployOnHosts(plan, digest, own));
  return conclude(context, { wish: 'deploy', rollout, plan, view, again: againOf(target) });
}

/** What the ledger is told later, if it does not know the release by then. */
function nameOf({ version, gitSha }: Options): ReleaseName | null {
  return version === undefined || gitSha === undefined ? null : { version, gitSha };
}

/** Whoever only looks is told what stands in the way before it is asked for. */
function assertFree({ obstacles }: Outlook): void {
  const [first] = obstacles;
  if (first === undefined) return;
  const ending = first.code === 'unreachable' ? 'error' : (refusals[first.code]?.ending ?? 'refused');
  const why = obstacles.map(({ text }) => text).join('\n  ');
  throw new CommandFailure(ending, 'It cannot begin now. No host was changed.', { why, mend: first.mend });
}
