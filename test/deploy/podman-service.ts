import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PodmanClient } from '../../src/cli/podman/podman-client.js';
import { PodmanHost } from '../../src/cli/podman/podman-host.js';
import { eventually } from '../support/eventually.js';
import { run } from './run.js';

/**
 * A Podman with a storage, networks and an API socket of its own: to a deployer, a host. It shares the images of this
 * machine's Podman, and no lock with it.
 */
export class PodmanService {
  readonly podman: PodmanHost;
  #process: ChildProcess | null = null;
  #isBounded = false;

  constructor(
    readonly name: string,
    private readonly folder: string,
    private readonly registry: string,
    private readonly subnet: number,
    private readonly storageMiB?: number,
  ) {
    this.podman = new PodmanHost(new PodmanClient(() => Promise.resolve(this.socketPath)));
  }

  get socketPath(): string {
    return join(this.folder, `${this.name}.sock`);
  }

  /** Podmans of one kernel share what they know of networks, by their names. */
  get network(): string {
    return `plimsoll-${this.name}`;
  }

  async start(): Promise<void> {
    await this.#listen();
    if (this.storageMiB !== undefined && !this.#isBounded) {
      await this.#boundStorage();
      await this.#listen();
    }
    await this.#makeNetwork();
  }

  async #listen(): Promise<void> {
    await mkdir(this.storage, { recursive: true });
    const [registries, containers] = [join(this.folder, 'registries.conf'), join(this.folder, 'containers.conf')];
    await writeFile(registries, `[[registry]]\nlocation = "${this.registry}"\ninsecure = true\n`);
    await writeFile(containers, '[engine]\nlock_type = "file"\n');
    const images = await run('podman', ['info', '--format', '{{.Store.GraphRoot}}']);
    this.#process = spawn(
      'podman',
      [...this.#storage(images), 'system', 'service', '--time', '0', `unix://${this.socketPath}`],
      {
        env: { ...process.env, CONTAINERS_REGISTRIES_CONF: registries, CONTAINERS_CONF_OVERRIDE: containers },
        stdio: ['ignore', 'ignore', 'inherit'],
        detached: true,
      },
    );
    await eventually(() => this.podman.client.bytes('GET', '/_ping'));
  }

  /** As if the host had gone: nobody answers at its socket any more. What runs on it goes on. */
  async vanish(): Promise<void> {
    const child = this.#process;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    process.kill(-child.pid, 'SIGKILL');
    await exited;
    this.#process = null;
    await rm(this.socketPath, { force: true });
  }

  /** All that a deployment has left here. */
  async clear(): Promise<void> {
    for (const { Names } of await this.podman.containers({})) await this.podman.remove(Names[0] ?? '');
    for (const { Name } of await this.podman.volumes({})) await this.podman.removeVolume(Name);
  }

  async remove(): Promise<void> {
    if (this.#process === null) await this.start();
    await this.clear();
    await this.podman.client.delete(`/networks/${this.network}`);
    if (this.storageMiB !== undefined) await this.beside('umount', '--lazy', this.storage);
    await this.vanish();
  }

  /** Where it keeps containers, volumes, and the images that it has pulled. */
  get storage(): string {
    return join(this.folder, this.name, 'root');
  }

  /** Runs a program where this Podman runs, which may be a mount namespace of its own. */
  async beside(program: string, ...args: string[]): Promise<void> {
    await run('nsenter', [`--mount=/proc/${this.#process?.pid}/ns/mnt`, '--wdns=/', program, ...args]);
  }

  /** What it stores from its next start on is bounded. */
  async #boundStorage(): Promise<void> {
    this.#isBounded = true;
    await this.beside('mount', '-t', 'tmpfs', '-o', `size=${this.storageMiB}m`, 'plimsoll-host', this.storage);
    await this.vanish();
  }

  #storage(images: string): string[] {
    const own = join(this.folder, this.name);
    const paths = ['--root', this.storage, '--runroot', join(own, 'run'), '--tmpdir', join(own, 'tmp')];
    const networks = ['--network-config-dir', join(own, 'networks')];
    return [...paths, ...networks, '--storage-driver', 'overlay', '--storage-opt', `additionalimagestore=${images}`];
  }

  /** Two that share a kernel would give their networks the same addresses, and the same device. */
  async #makeNetwork(): Promise<void> {
    if ((await this.podman.client.find(`/networks/${this.network}/json`)) !== null) return;
    const body = {
      name: this.network,
      driver: 'bridge',
      dns_enabled: true,
      network_interface: `plimsoll${this.subnet}`,
      subnets: [{ subnet: `10.231.${this.subnet}.0/24` }],
    };
    await this.podman.client.post('/networks/create', { body });
  }
}
