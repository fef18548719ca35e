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
    private readonly process: ChildProcess,
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
    const child = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', join(folder, 'sshd_config')], { stdio: 'ignore' });
    const sshd = new Sshd(folder, port, child);
    await eventually(() => isListening(port));
    return sshd;
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
