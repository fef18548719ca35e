import type { Context } from '../context.js';
import { outlookLines } from '../deploy/outlook-text.js';
import { outlookOf } from '../deploy/outlook.js';
import { releaseOf, type ReleaseOptions } from '../deploy/release.js';
import { targetOf } from '../deploy/target.js';
import type { Ending } from '../exit-codes.js';

/** `plimsoll plan [environment]`: what `plimsoll deploy` would do now, and what stands in its way. It changes nothing. */
export async function plan(context: Context, options: ReleaseOptions, environment?: string): Promise<Ending> {
  const target = await targetOf(context, environment);
  const client = await context.client();
  const { signal } = context;
  const release = await releaseOf(client, target.plan.service, options, signal);
  const outlook = await outlookOf(target, { client, release, overrideFreeze: false, signal });
  context.output.tell(outlook, outlookLines);
  if (outlook.obstacles.length === 0) return 'promoted';
  return outlook.obstacles.some(({ code }) => code === 'unreachable') ? 'error' : 'refused';
}
