import { setTimeout as delay } from 'node:timers/promises';
import type { SlotClient } from './slot-client.ts';

const everyMs = 250;

/** Looks at a slot again and again, and at its deployments now and then. */
export async function readAll(client: SlotClient, signal: AbortSignal): Promise<void> {
  for (let count = 0; !signal.aborted; count += 1) {
    await (count % 5 === 4 ? client.list() : client.read());
    await delay(everyMs);
  }
}
