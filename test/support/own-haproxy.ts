import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../ops/scripts/ports.mjs';

const shipped = new URL('../../ops/several-instances/haproxy.cfg', import.meta.url);
/** Debian puts it where no PATH of a user leads. */
const path = `${process.env['PATH']}:/usr/sbin`;

/** Where a server is, and where it is asked whether it is the primary, unless there as well. */
export interface Behind {
  readonly port: number;
  readonly checkPort?: number;
}

/** An HAProxy as it is shipped, before several servers: what is sent to its port gets to the one that is primary. */
export class OwnHaproxy {
  private constructor(
    private readonly folder: string,
    private readonly child: ChildProcess,
    readonly port: number,
  ) {}

  /** Null where there is no haproxy on the PATH, which CI does not put up with. */
  static async before(section: 'postgres' | 'redis', servers: readonly Behind[]): Promise<OwnHaproxy | null> {
    const folder = await mkdtemp(join(tmpdir(), 'plimsoll-haproxy-'));
    const port = await freePort();
    const file = join(folder, 'haproxy.cfg');
    await writeFile(file, configuration(await readFile(shipped, 'utf8'), section, port, servers));
    const child = spawn('haproxy', ['-db', '-f', file], { env: { PATH: path }, stdio: 'ignore' });
    const isThere = await once(child, 'spawn').then(
      () => true,
      () => false,
    );
    if (isThere) return new OwnHaproxy(folder, child, port);
    await rm(folder, { recursive: true });
    if (process.env['CI'] === 'true') throw new Error('There is no haproxy on the PATH, and CI tests with it.');
    return null;
  }

  async remove(): Promise<void> {
    this.child.kill('SIGKILL');
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
    await rm(this.folder, { recursive: true });
  }
}

/** One section as it is shipped, with what stands before all of them, but for the addresses. */
function configuration(text: string, section: string, port: number, servers: readonly Behind[]): string {
  const [common = '', ...sections] = text.split(/^(?=listen )/m);
  const own = sections.find((candidate) => candidate.startsWith(`listen ${section}\n`)) ?? '';
  const shippedServers = own.match(/^ +server .*\n/gm) ?? [];
  if (shippedServers.length < servers.length) throw new Error(`haproxy.cfg has not enough servers for ${section}`);
  const addresses = servers.map(({ port: at, checkPort }, index) => {
    const check = checkPort === undefined ? 'check' : `check port ${checkPort}`;
    return `    server ${section}-${index + 1} 127.0.0.1:${at} ${check}\n`;
  });
  const rest = own.replaceAll(/^ +server .*\n/gm, '').replace(/bind :\d+/, `bind 127.0.0.1:${port}`);
  return [common, rest.trimEnd(), '\n', ...addresses].join('');
}
