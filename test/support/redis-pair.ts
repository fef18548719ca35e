import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from '../../ops/scripts/ports.mjs';
import { eventually } from './eventually.js';

const shipped = new URL('../../ops/several-instances/redis-sentinel.conf', import.meta.url);

/** A Redis, a replica of it, and a Sentinel with the configuration that is shipped: it promotes the replica. */
export class RedisPair {
  private constructor(
    private readonly folder: string,
    readonly ports: readonly [number, number],
    private readonly sentinelPort: number,
    private readonly children: readonly ChildProcess[],
  ) {}

  /** Null where there is no redis-server on the PATH, which CI does not put up with. */
  static async start(): Promise<RedisPair | null> {
    const folder = await mkdtemp(join(tmpdir(), 'plimsoll-redis-pair-'));
    const [primary, replica, sentinel] = [await freePort(), await freePort(), await freePort()];
    const file = join(folder, 'sentinel.conf');
    await writeFile(file, configuration(await readFile(shipped, 'utf8'), sentinel, primary));
    const server = (port: number) => ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder];
    const started = await Promise.all([
      run(server(primary)),
      run([...server(replica), '--replicaof', '127.0.0.1', String(primary)]),
      run([file, '--sentinel']),
    ]);
    const children = started.flatMap((child) => child ?? []);
    const pair = new RedisPair(folder, [primary, replica], sentinel, children);
    if (children.length === started.length) {
      await eventually(() => pair.#assertSentinelKnows(), 60_000);
      return pair;
    }
    await pair.remove();
    if (process.env['CI'] === 'true') throw new Error('There is no redis-server on the PATH, and CI tests with Redis.');
    return null;
  }

  losePrimary(): void {
    this.children[0]!.kill('SIGKILL');
  }

  async remove(): Promise<void> {
    for (const child of this.children) {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    }
    await rm(this.folder, { recursive: true });
  }

  /** Until then it would promote nobody. */
  async #assertSentinelKnows(): Promise<void> {
    const sentinel = new Redis({
      port: this.sentinelPort,
      host: '127.0.0.1',
      maxRetriesPerRequest: 1,
      lazyConnect: true,
    });
    sentinel.on('error', () => undefined);
    try {
      const [replica] = (await sentinel.call('SENTINEL', 'replicas', 'plimsoll')) as string[][];
      if (!replica?.join(' ').includes('master-link-status ok')) throw new Error(`Sentinel knows ${String(replica)}`);
    } finally {
      sentinel.disconnect();
    }
  }
}

/** As it is shipped, but for the places, and that one is enough to agree. */
function configuration(text: string, port: number, primary: number): string {
  const lines: [RegExp, string][] = [
    [/^port \d+$/m, `port ${port}\nbind 127.0.0.1`],
    [/^sentinel monitor plimsoll .*$/m, `sentinel monitor plimsoll 127.0.0.1 ${primary} 1`],
  ];
  return lines.reduce((before, [pattern, line]) => {
    if (!pattern.test(before)) throw new Error(`redis-sentinel.conf has no line like ${pattern}`);
    return before.replace(pattern, line);
  }, text);
}

async function run(args: readonly string[]): Promise<ChildProcess | null> {
  const child = spawn('redis-server', args, { stdio: 'ignore', cwd: '/tmp' });
  return once(child, 'spawn').then(
    () => child,
    () => null,
  );
}
