/**
 * How long the built server takes to be unready once its PostgreSQL is gone, and to be ready again once it is back: the
 * slowest of the rounds. The PostgreSQL is one of its own, the goal 10 s each.
 *
 *   node ops/bench/outage.ts [--rounds 3]
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { startEmbeddedPostgres } from '../scripts/embedded-postgres.mjs';
import { readPidFile } from '../scripts/postmaster.mjs';
import { freePort, machine, ROOT, startPlimsoll } from './server.ts';

const { values: options } = parseArgs({ options: { rounds: { type: 'string', default: '3' } } });
const home = await mkdtemp(join(tmpdir(), 'plimsoll-outage-'));
await chmod(home, 0o755);
let postgres = await launch();
const port = await freePort();
const sockets = new Set<Socket>();
let isSilent = false;
const proxy = createServer(forward).listen(port, '127.0.0.1');
const proxied = new URL(postgres.url);
proxied.host = `127.0.0.1:${port}`;

const outages: Record<string, { take: () => unknown; giveBack: () => unknown }> = {
  'stopped in order': { take: () => postgres.stop(), giveBack: relaunch },
  killed: { take: () => process.kill(postmaster(), 'SIGKILL'), giveBack: relaunch },
  hanging: { take: hang, giveBack: () => undefined },
  'behind a network that drops everything': { take: () => (isSilent = true), giveBack: () => (isSilent = false) },
};

const server = await startPlimsoll(proxied.href, { SHUTDOWN_DELAY_MS: '0' });
try {
  console.log(machine());
  for (const [name, outage] of Object.entries(outages)) {
    const rounds: Array<{ unreadyMs: number; readyMs: number }> = [];
    for (let round = 0; round < Number(options.rounds); round += 1) rounds.push(await measure(outage));
    const slowest = (key: 'unreadyMs' | 'readyMs') =>
      (Math.max(...rounds.map((round) => round[key])) / 1000).toFixed(1);
    console.log(`${name}: unready after ${slowest('unreadyMs')} s, ready ${slowest('readyMs')} s after its return`);
  }
  console.log(server.process.exitCode === null ? 'no restart' : `the server ended with ${server.process.exitCode}`);
} finally {
  server.process.kill('SIGKILL');
  proxy.close();
  for (const socket of sockets) socket.destroy();
  await postgres.stop();
  await rm(home, { recursive: true });
}

async function measure({ take, giveBack }: (typeof outages)[string]): Promise<{ unreadyMs: number; readyMs: number }> {
  const goneAt = performance.now();
  const resume = await take();
  await readiness(503);
  const unreadyMs = performance.now() - goneAt;
  await (typeof resume === 'function' ? resume() : giveBack());
  const backAt = performance.now();
  await readiness(200);
  return { unreadyMs, readyMs: performance.now() - backAt };
}

async function readiness(status: number): Promise<void> {
  while ((await fetch(`${server.opsUrl}/readyz`)).status !== status) await new Promise((done) => setTimeout(done, 20));
}

/** Stops every process of it where it stands; returns how to let them go on. */
async function hang(): Promise<() => void> {
  const client = new Client(postgres.url);
  await client.connect();
  const { rows } = await client.query<{ pid: number }>('SELECT pid FROM pg_stat_activity');
  await client.end();
  const pids = [postmaster(), ...rows.map(({ pid }) => pid)];
  const signal = (name: NodeJS.Signals) => {
    for (const pid of pids) {
      try {
        process.kill(pid, name);
      } catch {
        // It is gone by now.
      }
    }
  };
  signal('SIGSTOP');
  return () => signal('SIGCONT');
}

function postmaster(): number {
  return readPidFile(postgres.data)?.pid ?? Number.NaN;
}

async function relaunch(): Promise<void> {
  postgres = await launch();
}

function launch() {
  return startEmbeddedPostgres({ clone: ROOT, home, signal: new AbortController().signal });
}

function forward(client: Socket): void {
  const database = connect(Number(new URL(postgres.url).port), '127.0.0.1');
  for (const [from, to] of [
    [client, database],
    [database, client],
  ] as const) {
    sockets.add(from);
    from.on('data', (bytes) => isSilent || to.write(bytes));
    from.on('error', () => to.destroy()).on('close', () => to.destroy());
  }
}
