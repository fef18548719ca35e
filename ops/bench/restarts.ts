/**
 * How many requests fail while two instances behind pinned keep-alive connections are restarted in turn. The goal is 0.
 *
 *   DATABASE_URL=postgres://… node ops/bench/restarts.ts [--requests 100000] [--restarts 20] [--clients 16]
 *
 * A client stays on its connection until an answer says that it closes, and then goes to the other instance, as a proxy
 * does. Some requests take 4 s to send, and two clients wait for a verdict all the time.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { Agent, request as httpRequest } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { answering, freePort, machine, ownDatabase, request, ROOT, startPlimsoll } from './server.ts';

const { values: options } = parseArgs({
  options: {
    requests: { type: 'string', default: '100000' },
    restarts: { type: 'string', default: '20' },
    clients: { type: 'string', default: '16' },
  },
});
const [requests, restarts, clients] = [Number(options.requests), Number(options.restarts), Number(options.clients)];
const DELAY_MS = '1000';

interface Instance {
  readonly url: string;
  readonly opsUrl: string;
  readonly env: Record<string, string>;
  process: ChildProcess;
}

const database = await ownDatabase('bench_restarts');
const first = await startPlimsoll(database.url);
const { token } = first;
const id = await aDeploymentUnderWay();
first.process.kill('SIGKILL');
const instances = [await anInstance(), await anInstance()];
const failures: string[] = [];
const load = { sent: 0, isOver: false };
try {
  const running = Array.from({ length: clients }, (_, n) => client(n));
  for (let n = 0; n < restarts; n += 1) {
    await restart(instances[n % 2]!);
    // Spread over the requests, so that the last restart is not long before the last request.
    while (!load.isOver && load.sent < (requests * (n + 1)) / restarts) await delay(50);
  }
  load.isOver = true;
  await Promise.all(running);
  console.log(machine());
  console.log(`${failures.length} of ${load.sent} requests failed over ${restarts} restarts (goal 0)`);
  for (const failure of failures.slice(0, 10)) console.log(`  ${failure}`);
} finally {
  for (const { process: child } of instances) child.kill('SIGKILL');
  await database.drop();
}
process.exit(failures.length === 0 ? 0 : 1);

async function client(n: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let at = n % 2;
  for (let turn = 0; !load.isOver; turn += 1) {
    try {
      const { status, closes } = await call(agent, instances[at]!.url, n, turn);
      if (status >= 400) failures.push(`client ${n}: ${status}`);
      if (closes) at = 1 - at;
    } catch (error) {
      failures.push(`client ${n}: ${String(error)}`);
      at = 1 - at;
    }
    load.sent += 1;
  }
  agent.destroy();
}

/** The first two clients wait for a verdict; every 500th request takes 4 s; every third writes. */
async function call(agent: Agent, url: string, n: number, turn: number): Promise<{ status: number; closes: boolean }> {
  const isPoll = n < 2;
  const isSlow = !isPoll && turn % 500 === n;
  const isWrite = !isPoll && (isSlow || turn % 3 === 0);
  const body = isWrite ? JSON.stringify({ name: `bench-${n}`, role: 'viewer' }) : '';
  const read = isPoll ? `/v1/deployments/${id}/verdict?wait=10` : '/v1/environments';
  const outgoing = httpRequest(url + (isWrite ? '/v1/tokens' : read), {
    agent,
    method: isWrite ? 'POST' : 'GET',
    headers: {
      authorization: `Bearer ${token}`,
      ...(isWrite && {
        'content-type': 'application/json',
        'content-length': String(body.length),
        'idempotency-key': `${n}-${turn}`,
      }),
    },
  });
  if (isSlow) {
    outgoing.flushHeaders();
    setTimeout(() => outgoing.end(body), 4000);
  } else outgoing.end(body);
  const [response] = await once(outgoing, 'response');
  response.resume();
  await once(response, 'end');
  return { status: response.statusCode, closes: response.headers.connection === 'close' };
}

async function anInstance(): Promise<Instance> {
  const [port, opsPort] = [String(await freePort()), String(await freePort())];
  const env = { PORT: port, OPS_PORT: opsPort, DATABASE_URL: database.url, SHUTDOWN_DELAY_MS: DELAY_MS };
  const opsUrl = `http://127.0.0.1:${opsPort}`;
  const instance = { url: `http://127.0.0.1:${port}`, opsUrl, env, process: launch(env) };
  await answering(`${opsUrl}/readyz`);
  return instance;
}

async function restart(instance: Instance): Promise<void> {
  const exited = once(instance.process, 'exit');
  instance.process.kill('SIGTERM');
  const [code] = await exited;
  if (code !== 0) failures.push(`an instance ended with ${code}`);
  instance.process = launch(instance.env);
  await answering(`${instance.opsUrl}/readyz`);
}

function launch(env: Record<string, string>): ChildProcess {
  const full = { PATH: process.env['PATH'], LOG_LEVEL: 'error', ...env };
  return spawn(process.execPath, ['dist/main.js'], { cwd: ROOT, env: full, stdio: ['ignore', 'ignore', 'inherit'] });
}

/** It never gets a verdict, so that whoever asks for one waits. */
async function aDeploymentUnderWay(): Promise<string> {
  await request(first, 'PUT', '/v1/environments/production', { tier: 'production' });
  await request(first, 'PUT', '/v1/services/checkout', {});
  const digest = `sha256:${createHash('sha256').update('bench').digest('hex')}`;
  const release = { version: '1.0.0', gitSha: createHash('sha1').update('bench').digest('hex') };
  await request(first, 'PUT', `/v1/services/checkout/releases/${digest}`, release);
  const wish = { service: 'checkout', environment: 'production', digest };
  return (await request<{ id: string }>(first, 'POST', '/v1/deployments', wish)).id;
}
