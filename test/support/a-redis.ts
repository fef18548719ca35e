import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { freePort } from '../../ops/scripts/ports.mjs';
import { eventually } from './eventually.js';

/** A redis-server of its own for a test that stops it. Keeps nothing on disk. */
export class OwnRedis {
  private child: ChildProcess | null = null;

  private constructor(private readonly port: number) {}

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Null where there is no redis-server on the PATH, which CI does not put up with. */
  static async start(): Promise<OwnRedis | null> {
    const redis = new OwnRedis(await freePort());
    if (await redis.comeBack()) return redis;
    if (process.env['CI'] === 'true') throw new Error('There is no redis-server on the PATH, and CI tests with Redis.');
    return null;
  }

  async comeBack(): Promise<boolean> {
    const settings = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    const child = spawn('redis-server', settings, { stdio: 'ignore', cwd: '/tmp' });
    const isThere = await once(child, 'spawn').then(
      () => true,
      () => false,
    );
    if (!isThere) return false;
    this.child = child;
    await eventually(() => accepts(this.port));
    return true;
  }

  async goAway(): Promise<void> {
    const { child } = this;
    this.child = null;
    child?.kill('SIGKILL');
    if (child && child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }

  /** Takes questions and answers none, until `wakeUp`. */
  fallSilent(): void {
    this.child?.kill('SIGSTOP');
  }

  wakeUp(): void {
    this.child?.kill('SIGCONT');
  }
}

async function accepts(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.destroy();
}
