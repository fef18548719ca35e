import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../ops/scripts/ports.mjs';
import { eventually } from './eventually.js';

const shipped = new URL('../../ops/several-instances/pgbouncer.ini', import.meta.url);
/** Debian puts it where no PATH of a user leads. */
const path = `${process.env['PATH']}:/usr/sbin`;
/** It does not run as root. */
const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

/** A PgBouncer in transaction mode before a database, with two connections to it for all clients. */
export class OwnPgBouncer {
  #child: ChildProcess | null = null;

  private constructor(
    private readonly folder: string,
    private readonly port: number,
  ) {}

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Null where there is no pgbouncer on the PATH, which CI does not put up with. */
  static async start(databaseUrl: string, connections: number): Promise<OwnPgBouncer | null> {
    const folder = await mkdtemp(join(tmpdir(), 'plimsoll-pgbouncer-'));
    await chmod(folder, 0o755);
    const bouncer = new OwnPgBouncer(folder, await freePort());
    await bouncer.#configure(new URL(databaseUrl), connections);
    if (await bouncer.comeBack()) return bouncer;
    await rm(folder, { recursive: true });
    if (process.env['CI'] === 'true') throw new Error('There is no pgbouncer on the PATH, and CI tests with it.');
    return null;
  }

  async comeBack(): Promise<boolean> {
    const options = { cwd: '/', env: { PATH: path }, stdio: 'ignore', ...nobody } as const;
    const child = spawn('pgbouncer', [join(this.folder, 'pgbouncer.ini')], options);
    const isThere = await once(child, 'spawn').then(
      () => true,
      () => false,
    );
    if (!isThere) return false;
    this.#child = child;
    await eventually(() => accepts(this.port));
    return true;
  }

  async goAway(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    child?.kill('SIGKILL');
    if (child && child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }

  async remove(): Promise<void> {
    await this.goAway();
    await rm(this.folder, { recursive: true });
  }

  /** As it is shipped, but for places and sizes. */
  async #configure({ hostname, port, pathname, username, password }: URL, connections: number): Promise<void> {
    const database = pathname.slice(1);
    const places: [RegExp, string][] = [
      [/^plimsoll = host=\S+ port=\S+ dbname=\S+/m, `${database} = host=${hostname} port=${port} dbname=${database}`],
      [/^listen_addr = .*/m, 'listen_addr = 127.0.0.1'],
      [/^listen_port = .*/m, `listen_port = ${this.port}`],
      [/^default_pool_size = .*/m, `default_pool_size = ${connections}`],
      [/^auth_file = .*/m, `auth_file = ${join(this.folder, 'users')}`],
    ];
    let text = await readFile(shipped, 'utf8');
    for (const [pattern, line] of places) {
      if (!pattern.test(text)) throw new Error(`pgbouncer.ini has no line like ${pattern}`);
      text = text.replace(pattern, line);
    }
    const users = `"${decodeURIComponent(username)}" "${decodeURIComponent(password)}"\n`;
    await writeFile(join(this.folder, 'users'), users, { mode: 0o644 });
    await writeFile(join(this.folder, 'pgbouncer.ini'), text, { mode: 0o644 });
  }
}

async function accepts(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.destroy();
}
