import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { PodmanError } from './podman-error.js';

const OPEN_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 50;
const MOST_ERROR_BYTES = 4000;

/**
 * A Podman's socket behind SSH, as a socket of this machine's that nobody else can open. It is the system's own ssh:
 * known hosts, agent, keys, jump hosts and ~/.ssh/config are what they are for a person. It asks nothing: an unknown host
 * key, or a key that wants a passphrase, is a failure. A tunnel that broke is opened again by whoever needs it next.
 */
export class SshTunnel implements AsyncDisposable {
  #open: Promise<string> | null = null;
  #ssh: ChildProcess | null = null;
  #folder: string | null = null;

  constructor(
    private readonly destination: string,
    private readonly remoteSocket: string,
    private readonly program = 'ssh',
  ) {}

  /** Of the ssh that runs; null where none does. */
  get pid(): number | null {
    return this.#ssh === null || hasEnded(this.#ssh) ? null : (this.#ssh.pid ?? null);
  }

  socket(): Promise<string> {
    if (this.#open === null || (this.#ssh !== null && hasEnded(this.#ssh))) {
      this.#open = this.#dial();
      this.#open.catch(() => (this.#open = null));
    }
    return this.#open;
  }

  async close(): Promise<void> {
    await this.#open?.catch(() => {});
    await this.#end();
    this.#open = null;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #dial(): Promise<string> {
    await this.#end();
    this.#folder = await mkdtemp(join(tmpdir(), 'plimsoll-ssh-'));
    const path = join(this.#folder, 'podman.sock');
    const ssh = spawn(this.program, [...options, '-L', `${path}:${this.remoteSocket}`, '--', this.destination], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#ssh = ssh;
    let said = '';
    ssh.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-MOST_ERROR_BYTES)));
    ssh.on('error', (error) => (said += error.message));
    const giveUpAt = Date.now() + OPEN_WITHIN_MS;
    while (!(await isListening(path))) {
      const isOver = hasEnded(ssh) || ssh.pid === undefined || Date.now() > giveUpAt;
      if (isOver) {
        await this.#end();
        throw new PodmanError(`ssh to ${this.destination} failed: ${said.trim() || 'no answer in time'}`, null);
      }
      await delay(LOOK_EVERY_MS);
    }
    return path;
  }

  async #end(): Promise<void> {
    const [ssh, folder] = [this.#ssh, this.#folder];
    [this.#ssh, this.#folder] = [null, null];
    if (ssh?.pid !== undefined && !hasEnded(ssh)) {
      const exited = once(ssh, 'exit');
      ssh.kill();
      await exited;
    }
    if (folder !== null) await rm(folder, { recursive: true, force: true });
  }
}

const options = [
  '-N',
  '-T',
  // No question is ever asked; an unknown or changed host key ends it.
  '-oBatchMode=yes',
  '-oStrictHostKeyChecking=yes',
  '-oExitOnForwardFailure=yes',
  '-oConnectTimeout=10',
  // A host that is gone is noticed after 15 s.
  '-oServerAliveInterval=5',
  '-oServerAliveCountMax=3',
  // One of the user's own would outlive this process.
  '-oControlMaster=no',
  '-oControlPath=none',
  '-oForwardAgent=no',
];

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function isListening(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}
