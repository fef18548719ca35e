import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { eventually } from '../support/eventually.js';
import { freePort } from '../../ops/scripts/ports.mjs';
import { run } from './run.js';

/** An sshd on loopback, with keys of its own, and what a client needs to log in there. */
export class Sshd {
  private constructor(
    readonly folder: string,
    readonly port: number,
    private process: ChildProcess,
  ) {}

  static async start(parent: string): Promise<Sshd> {
    const folder = join(parent, 'ssh');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (const key of ['host', 'client'])
      await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, key)]);
    await writeFile(join(folder, 'authorized_keys'), await readFile(join(folder, 'client.pub')), { mode: 0o600 });
    const port = await freePort();
    // Where sshd keeps the folder of its unprivileged part; the package's unit makes it.
    await mkdir('/run/sshd', { recursive: true });
    const lines = [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${join(folder, 'host')}`,
      `AuthorizedKeysFile ${join(folder, 'authorized_keys')}`,
      `PidFile ${join(folder, 'pid')}`,
      'PasswordAuthentication no',
      'PermitRootLogin yes',
      'StrictModes no',
    ];
    await writeFile(join(folder, 'sshd_config'), lines.join('\n'));
    const sshd = new Sshd(folder, port, listen(folder));
    await eventually(() => isListening(port));
    return sshd;
  }

  /** As if the network to the host had gone: what goes through it breaks, and nothing new gets through. */
  async vanish(): Promise<void> {
    const sessions = await run('pgrep', ['--parent', String(this.process.pid)]).catch(() => '');
    this.process.kill('SIGKILL');
    for (const pid of sessions.split('\n').filter((line) => line !== '')) process.kill(Number(pid), 'SIGKILL');
  }

  async comeBack(): Promise<void> {
    this.process = listen(this.folder);
    await eventually(() => isListening(this.port));
  }

  /** A folder that holds an `ssh` which reads this configuration, for the front of a PATH. */
  async path(): Promise<string> {
    await this.client(true);
    const folder = join(this.folder, 'bin');
    await mkdir(folder, { recursive: true });
    const script = `#!/bin/sh\nexec /usr/bin/ssh -F ${join(this.folder, 'knowing-config')} "$@"\n`;
    await writeFile(join(folder, 'ssh'), script, { mode: 0o755 });
    return folder;
  }

  /** A program in place of `ssh` that reads this configuration, as `ssh` reads ~/.ssh/config. */
  async client(knowsHost: boolean): Promise<string> {
    const name = knowsHost ? 'knowing' : 'unknowing';
    const key = (await readFile(join(this.folder, 'host.pub'), 'utf8')).trim();
    await writeFile(join(this.folder, `${name}-hosts`), knowsHost ? `[127.0.0.1]:${this.port} ${key}\n` : '');
    const config = [
      'Host deploy-target',
      '  HostName 127.0.0.1',
      `  Port ${this.port}`,
      '  User root',
      `  IdentityFile ${join(this.folder, 'client')}`,
      '  IdentitiesOnly yes',
      `  UserKnownHostsFile ${join(this.folder, `${name}-hosts`)}`,
    ];
    await writeFile(join(this.folder, `${name}-config`), `${config.join('\n')}\n`);
    const program = join(this.folder, `${name}-ssh`);
    await writeFile(program, `#!/bin/sh\nexec ssh -F ${join(this.folder, `${name}-config`)} "$@"\n`, { mode: 0o755 });
    return program;
  }

  /** New logins are refused, and those that there are end. */
  stop(): void {
    this.process.kill();
  }
}

function listen(folder: string): ChildProcess {
  return spawn('/usr/sbin/sshd', ['-D', '-e', '-f', join(folder, 'sshd_config')], { stdio: 'ignore' });
}

function isListening(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve();
    });
    socket.on('error', reject);
  });
}
