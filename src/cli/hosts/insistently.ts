import { setTimeout as delay } from 'node:timers/promises';
import { PodmanError } from '../podman/podman-error.js';

/** Before each further try. Together longer than a socket's or a tunnel's restart. */
const PAUSES_MS = [500, 2000, 5000];

/** Tries again where Podman could not be asked: what is done on a host may be done twice. What it refuses stays refused. */
export async function insistently<T>(work: () => Promise<T>): Promise<T> {
  for (const pauseMs of PAUSES_MS) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof PodmanError) || !error.isUnreachable) throw error;
    }
    await delay(pauseMs);
  }
  return work();
}
