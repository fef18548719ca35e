import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';

export const ROOT = join(import.meta.dirname, '../..');

/** What the figures were measured on; they mean nothing without it. */
export function machine(): string {
  const [first] = cpus();
  return `${cpus().length} × ${first?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  return typeof address === 'object' && address ? address.port : 0;
}

/** A new database beside the one that DATABASE_URL names, dropped by `drop`. */
export async function ownDatabase(name: string): Promise<{ url: string; drop: () => Promise<void> }> {
  const admin = process.env['DATABASE_URL'];
  if (!admin) throw new Error('Set DATABASE_URL to a PostgreSQL 18 in which databases may be made.');
  const database = `${name}_${randomBytes(4).toString('hex')}`;
  await execute(admin, `create database ${database}`);
  const url = new URL(admin);
  url.pathname = `/${database}`;
  return { url: url.href, drop: () => execute(admin, `drop database ${database} with (force)`) };
}

async function execute(databaseUrl: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

export function start(args: string[], env: Record<string, string>): ChildProcess {
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  process.once('exit', () => child.kill('SIGKILL'));
  return child;
}

export async function run(args: string[], env: Record<string, string>): Promise<void> {
  const [code] = (await once(start(args, env), 'exit')) as [number | null];
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}`);
}

export async function answering(url: string, withinMs = 30_000): Promise<void> {
  const until = Date.now() + withinMs;
  while (Date.now() < until) {
    const isOk = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isOk) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${url} did not answer within ${withinMs} ms`);
}

export interface RunningPlimsoll {
  readonly url: string;
  readonly opsUrl: string;
  readonly token: string;
  readonly process: ChildProcess;
}

/** What is measured is the server, unless it is its limits. */
const WITHOUT_LIMITS = `update runtime_config set overrides = '{"rateLimits": {"requestsPerMinute": 1000000}}'`;

/** The built server on a migrated database, ready. */
export async function startPlimsoll(
  databaseUrl: string,
  extra: Record<string, string> = {},
  { hasLimits = false } = {},
): Promise<RunningPlimsoll> {
  const [port, opsPort] = [await freePort(), await freePort()];
  const token = `plm_${randomBytes(32).toString('base64url')}`;
  const env = {
    APP_ENV: 'development',
    HOST: '127.0.0.1',
    PORT: String(port),
    OPS_PORT: String(opsPort),
    DATABASE_URL: databaseUrl,
    BOOTSTRAP_ADMIN_TOKEN: token,
    LOG_FORMAT: 'json',
    ...extra,
  };
  await run(['dist/migrate.js', 'up'], env);
  if (!hasLimits) await execute(databaseUrl, WITHOUT_LIMITS);
  const child = start(['dist/main.js'], env);
  const [url, opsUrl] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${opsPort}`];
  await answering(`${opsUrl}/readyz`);
  return { url, opsUrl, token, process: child };
}

export async function request<Body>(
  server: RunningPlimsoll,
  method: string,
  path: string,
  body?: object,
): Promise<Body> {
  const response = await fetch(server.url + path, {
    method,
    headers: {
      authorization: `Bearer ${server.token}`,
      'idempotency-key': randomBytes(8).toString('hex'),
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
  return (text === '' ? null : JSON.parse(text)) as Body;
}
