import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdtemp, readdir, readFile, rm, stat, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../ops/scripts/ports.mjs';
import { readPidFile } from '../../ops/scripts/postmaster.mjs';
import { until } from '../support/program.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const copied = ['ops', 'src', 'dist', 'config', 'migrations', 'package.json', 'package-lock.json', '.swcrc'];
const copiedToo = ['nest-cli.json', 'tsconfig.json', 'tsconfig.build.json'];

/** A clone that is installed and built, without the half minute that this takes. */
async function aClone(): Promise<string> {
  const clone = await mkdtemp(join(tmpdir(), 'plimsoll-clone-'));
  await chmod(clone, 0o755);
  for (const name of [...copied, ...copiedToo]) {
    await cp(join(root, name), join(clone, name), { recursive: true, preserveTimestamps: true });
  }
  await symlink(join(root, 'node_modules'), join(clone, 'node_modules'));
  return clone;
}

class Start {
  output = '';
  /** Its exit code, when all that it said has been read. */
  readonly ended: Promise<number | null>;
  /** A server that outlives it keeps its output open. */
  private readonly exited: Promise<number | null>;
  private readonly child: ChildProcess;

  constructor(clone: string, env: NodeJS.ProcessEnv, options: SpawnOptions = {}) {
    this.child = spawn(process.execPath, [join(clone, 'ops/scripts/start.mjs'), '--no-demo'], {
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...options,
    });
    for (const stream of [this.child.stdout, this.child.stderr]) stream?.on('data', (text) => (this.output += text));
    this.exited = once(this.child, 'exit').then(([code]) => code as number | null);
    this.ended = once(this.child, 'close').then(([code]) => code as number | null);
  }

  /** Resolves when it has said this, or has ended without. */
  async says(text: string): Promise<void> {
    const silence = this.exited.then(() => 'ended');
    while (!this.output.includes(text)) {
      const next = Promise.race([once(this.child.stdout!, 'data'), once(this.child.stderr!, 'data')]);
      if ((await Promise.race([next, silence])) === 'ended' && !this.output.includes(text)) {
        throw new Error(`It ended without saying ${text}:\n${this.output}`);
      }
    }
  }

  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.child.kill(signal);
    return await (signal === 'SIGKILL' ? this.exited : this.ended);
  }
}

describe('npm start', () => {
  let clone: string;
  let env: { PORT: string; OPS_PORT: string };
  const starts: Start[] = [];

  const start = (options?: SpawnOptions) => {
    const started = new Start(clone, env, options);
    starts.push(started);
    return started;
  };

  const asAdmin = async () => {
    const token = await readFile(join(clone, '.plimsoll/admin-token'), 'utf8');
    const url = `http://127.0.0.1:${env.PORT}/v1/services/kept`;
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    return { token, put: () => fetch(url, { method: 'PUT', headers, body: '{}' }), get: () => fetch(url, { headers }) };
  };

  beforeAll(async () => {
    clone = await aClone();
    env = { PORT: String(await freePort()), OPS_PORT: String(await freePort()) };
  });

  afterEach(async () => {
    await Promise.all(starts.splice(0).map((started) => started.end()));
  });

  afterAll(() => rm(clone, { recursive: true }));

  it('names the port that is taken, and starts nothing', async () => {
    const squatter = createServer().listen(Number(env.OPS_PORT), '127.0.0.1');
    await once(squatter, 'listening');
    const refused = start();
    expect(await refused.ended).toBe(1);
    squatter.close();
    expect(refused.output).toContain(`Port ${env.OPS_PORT} on 127.0.0.1 (OPS_PORT): is taken by another program.`);
    expect(await readdir(join(clone, '.plimsoll'))).toEqual([]);
  });

  it('ends cleanly when it is interrupted while it makes the database', async () => {
    const interrupted = start();
    await until('its data folder', () => stat(join(clone, '.plimsoll/postgres')).catch(() => null));
    expect(await interrupted.end('SIGINT')).toBe(130);
    expect(interrupted.output).toContain('Nothing is left running');
    expect(readPidFile(join(clone, '.plimsoll/postgres/data'))).toBeNull();
  });

  it('serves, says where, shows the admin token to nobody, and drains on SIGTERM', async () => {
    const started = start();
    await started.says('Plimsoll is running.');
    const { token, put } = await asAdmin();
    expect((await put()).status).toBe(201);
    expect(started.output).not.toContain(token);
    expect((await stat(join(clone, '.plimsoll/admin-token'))).mode & 0o777).toBe(0o600);
    expect(await started.end()).toBe(0);
    expect(readPidFile(join(clone, '.plimsoll/postgres/data'))).toBeNull();
  });

  it('goes on with its data, and refuses a second one beside it', async () => {
    const first = start();
    await first.says('Plimsoll is running.');
    expect((await (await asAdmin()).get()).status).toBe(200);
    const second = start();
    expect(await second.ended).toBe(1);
    expect(second.output).toContain('npm start runs in this clone already');
  });

  it('goes on after a kill -9, and ends the server that was left behind', async () => {
    const killed = start();
    await killed.says('Plimsoll is running.');
    await killed.end('SIGKILL');
    const next = start();
    await next.says('Plimsoll is running.');
    expect(next.output).toContain('found running');
    expect((await (await asAdmin()).get()).status).toBe(200);
  });

  it('says where it may not write', async () => {
    const isRoot = process.getuid?.() === 0;
    await rm(join(clone, '.plimsoll'), { recursive: true });
    if (!isRoot) await chmod(clone, 0o555);
    const refused = start(isRoot ? { uid: 65534, gid: 65534 } : {});
    expect(await refused.ended).toBe(1);
    await chmod(clone, 0o755);
    expect(refused.output).toContain(`No permission to write in ${clone}/.plimsoll`);
  });
});
