import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { answering, freePort, ROOT } from './server.ts';

export const kinds = ['bare', 'operations', 'request log'] as const;
/** Bare Nest on Fastify; with all of operations but the request log; with that too, into a pipe that is read. */
export type Kind = (typeof kinds)[number];

export interface Server {
  readonly kind: Kind;
  readonly port: number;
  readonly child: ChildProcess;
}

/** Of one server in one round. */
export interface Round {
  readonly requestsPerSecond: number;
  /** CPU time a request, of the main thread and of the whole process. */
  readonly threadMicroseconds: number;
  readonly processMicroseconds: number;
}

interface Usage {
  readonly thread: NodeJS.CpuUsage;
  readonly whole: NodeJS.CpuUsage;
  readonly memory: NodeJS.MemoryUsage;
}

/** V8 gives the pages of a garbage collection back to the kernel some seconds later. */
const REST_MS = 12_000;
const OPS_TOKEN = 'a-token-that-only-the-bench-knows';
const load = spawnNode(['ops/bench/overhead-load.ts'], {});

export async function startServer(kind: Kind, settings: Record<string, string> = {}): Promise<Server> {
  const [port, opsPort] = [await freePort(), await freePort()];
  const program = kind === 'bare' ? 'overhead-bare.ts' : 'overhead-service.ts';
  const gauge = join(ROOT, 'ops/bench/overhead-gauge.mjs');
  const child = spawnNode(['--expose-gc', '--import', gauge, `ops/bench/${program}`], {
    PORT: String(port),
    OPS_PORT: String(opsPort),
    OPS_TOKEN,
    OPS_MAX_ACCESS: 'write',
    LOG_FORMAT: 'json',
    // Required, and never used here.
    DATABASE_URL: 'postgres://127.0.0.1:1/none',
    ...settings,
  });
  await answering(`http://127.0.0.1:${port}/greeting`);
  if (kind !== 'bare') await answering(`http://127.0.0.1:${opsPort}/metrics`);
  if (kind === 'operations') await silenceRequests(opsPort);
  return { kind, port, child };
}

export async function stop({ child }: Server): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

export async function measure({ child, port }: Server, ms: number): Promise<Round> {
  const before = await ask<Usage>(child, {});
  const { requests, seconds } = await ask<{ requests: number; seconds: number }>(load, { port, ms });
  const after = await ask<Usage>(child, {});
  const microseconds = (of: 'thread' | 'whole') =>
    (after[of].user + after[of].system - before[of].user - before[of].system) / requests;
  return {
    requestsPerSecond: requests / seconds,
    threadMicroseconds: microseconds('thread'),
    processMicroseconds: microseconds('whole'),
  };
}

export async function collectGarbage({ child }: Server): Promise<void> {
  await ask<Usage>(child, { restMs: 0 });
}

/** In MB, at rest and with the garbage collected; what the kernel tells only where there is a /proc. */
export async function memoryOf({ child }: Server): Promise<Record<string, number>> {
  const { memory } = await ask<Usage>(child, { restMs: REST_MS });
  const kernel = Object.fromEntries(['Pss', 'Anonymous'].map((name) => [name, kilobytes(child.pid, name) / 1e3]));
  return { ...Object.fromEntries(Object.entries(memory).map(([name, bytes]) => [name, bytes / 1e6])), ...kernel };
}

/** As an operator does it. */
async function silenceRequests(opsPort: number): Promise<void> {
  const headers = { Authorization: `Bearer ${OPS_TOKEN}`, 'Content-Type': 'application/json' };
  const body = JSON.stringify({ level: 'warn', ttlSeconds: 3600 });
  const response = await fetch(`http://127.0.0.1:${opsPort}/loggers/Request`, { method: 'PUT', headers, body });
  if (!response.ok) throw new Error(`the request log is still on: ${response.status} ${await response.text()}`);
}

function spawnNode(args: string[], env: Record<string, string>): ChildProcess {
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  child.stdout?.resume();
  const end = () => child.kill('SIGKILL');
  process.once('exit', end);
  child.once('exit', () => process.off('exit', end));
  return child;
}

async function ask<Answer>(child: ChildProcess, question: object): Promise<Answer> {
  const answer = once(child, 'message');
  child.send(question);
  return (await answer)[0] as Answer;
}

function kilobytes(pid: number | undefined, name: string): number {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]) * 1.024;
  } catch {
    return Number.NaN;
  }
}
