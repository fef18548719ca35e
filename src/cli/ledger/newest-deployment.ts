import { answered, type PlimsollClient } from '../../client/plimsoll-client.js';
import { CommandFailure } from '../command-failure.js';
import type { SlotName } from '../context.js';

/** The id of the newest deployment of a slot. */
export async function newestDeployment(client: PlimsollClient, slot: SlotName, signal: AbortSignal): Promise<string> {
  const query = { service: slot.service, environment: slot.environment, limit: 1 };
  const { items } = await answered(client.GET('/v1/deployments', { params: { query }, signal }));
  const [newest] = items;
  if (newest) return newest.id;
  throw new CommandFailure('error', `${slot.service} was never deployed in ${slot.environment}.`);
}
