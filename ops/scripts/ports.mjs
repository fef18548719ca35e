import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Whether a server could listen there now: `null`, or the error that it would get.
 * @param {number} port
 * @param {string} host
 * @returns {Promise<NodeJS.ErrnoException | null>}
 */
export function portError(port, host) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error) => resolve(error));
    probe.listen(port, host, () => probe.close(() => resolve(null)));
  });
}

/** Below the ports that systems give to connections and to whoever asks for any: nobody takes one in the meantime. */
const LOWEST = 20_000;
const HIGHEST = 32_000;

/** A port of the loopback interface that was free a moment ago. @returns {Promise<number>} */
export async function freePort() {
  for (let tried = 0; tried < 100; tried += 1) {
    const port = randomInt(LOWEST, HIGHEST);
    if ((await portError(port, '127.0.0.1')) === null) return port;
  }
  throw new Error(`No port from ${LOWEST} to ${HIGHEST} is free`);
}
