import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './ports.mjs';
import { Failure } from './terminal.mjs';

const readyWithinMs = 10_000;

/**
 * Starts the machine's redis-server for a test run, keeping nothing; null where there is none.
 * @param {string} folder
 * @returns {Promise<{ url: string, stop: () => Promise<void> } | null>}
 */
export async function startRedis(folder) {
  const port = await freePort();
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
  // In a session of its own: Ctrl-C must not take it from tests that still clean up.
  const child = spawn('redis-server', settings, { stdio: 'ignore', detached: true });
  const isThere = await once(child, 'spawn').then(
    () => true,
    () => false,
  );
  if (!isThere) return null;
  const giveUpAt = Date.now() + readyWithinMs;
  while (!(await accepts(port))) {
    if (Date.now() > giveUpAt || child.exitCode !== null) throw new Failure('redis-server does not start.');
    await sleep(20);
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    stop: async () => {
      if (child.exitCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

/**
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function accepts(port) {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
