import { CommandFailure } from '../command-failure.js';
import type { Context } from '../context.js';
import type { ServicePlan } from '../hosts/host-plan.model.js';
import type { SlotSettings } from '../plimsoll-file/plimsoll-file.js';
import { servicePlanOf } from './service-plan.js';

/** What is deployed, and to where: an environment of the file. */
export interface Target {
  readonly settings: SlotSettings;
  readonly plan: ServicePlan;
  /** plimsoll.yml, beside which what it names lies. */
  readonly file: string;
}

export async function targetOf(context: Context, environment: string | undefined): Promise<Target> {
  const file = await context.fileOrFail();
  const slot = await context.slot(environment);
  const settings = file.slot(slot.environment);
  if (slot.service !== settings.service) {
    throw new CommandFailure('usage', `${file.path} is of ${settings.service}, not of ${slot.service}.`, {
      mend: 'Leave --service away, or name the other file with --file.',
    });
  }
  if (settings.hosts.length === 0) {
    throw new CommandFailure('usage', `${settings.service} has no hosts in ${settings.slug}.`, {
      mend: `Write them into ${file.path}: environments.${settings.slug}.hosts`,
    });
  }
  return { settings, plan: servicePlanOf(settings), file: file.path };
}
