import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../ops/scripts/ports.mjs';
import type { ServicePlan } from '../../src/cli/hosts/host-plan.model.js';
import { eventually } from '../support/eventually.js';
import { PodmanService } from './podman-service.js';
import { run } from './run.js';

const base = 'docker.io/library/node:26.10.0-trixie-slim';

/** Hosts with Podman, and a registry with releases of a small service. */
export class Lab {
  readonly digests = new Map<string, string>();
  #registryProcess: ChildProcess | null = null;

  private constructor(
    readonly folder: string,
    readonly registry: string,
    readonly hosts: readonly PodmanService[],
  ) {}

  /** With `storageMiB` what a host stores is bounded. */
  static async open(names: readonly string[], storageMiB?: number): Promise<Lab> {
    const folder = process.env['TEST_FOLDER'] ?? (await mkdtemp(join(tmpdir(), 'plimsoll-deploy-')));
    // The spec before has removed it.
    await mkdir(folder, { recursive: true });
    const registry = `127.0.0.1:${await freePort()}`;
    const hosts = names.map((name, n) => new PodmanService(name, folder, registry, n + 1, storageMiB));
    const lab = new Lab(folder, registry, hosts);
    await lab.#startRegistry();
    for (const host of hosts) await host.start();
    return lab;
  }

  /** From now on an image that a host has not got cannot be had. */
  loseRegistry(): void {
    this.#registryProcess?.kill();
  }

  async close(): Promise<void> {
    for (const host of this.hosts) await host.remove();
    this.loseRegistry();
    // Podman may still clean up after itself there.
    await rm(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }

  /** The digest of a release of the service, which has these variables built in, and so much that no compression shortens. */
  async release(version: string, variables: Readonly<Record<string, string>> = {}, paddingMiB = 0): Promise<string> {
    const known = this.digests.get(version);
    if (known !== undefined) return known;
    const context = await mkdtemp(join(this.folder, 'image-'));
    await cp(join(import.meta.dirname, 'demo-service.mjs'), join(context, 'demo-service.mjs'));
    await writeFile(join(context, 'padding'), randomBytes(paddingMiB * 1024 * 1024));
    await mkdir(join(context, 'config'));
    await writeFile(join(context, 'config/production.env'), 'LOG_FORMAT=json\n');
    const env = Object.entries({ VERSION: version, ...variables }).map(([name, value]) => `ENV ${name}=${value}`);
    const lines = [
      `FROM ${base}`,
      'COPY demo-service.mjs padding /',
      'COPY config /config',
      ...env,
      'USER 1000',
      'CMD ["node", "/demo-service.mjs"]',
    ];
    await writeFile(join(context, 'Containerfile'), lines.join('\n'));
    await run('podman', ['build', '--quiet', '--layers=false', '--tag', this.#tag(version), context]);
    const file = join(context, 'digest');
    const fast = ['--compression-format', 'gzip', '--compression-level', '1'];
    await run('podman', ['push', '--quiet', '--tls-verify=false', ...fast, '--digestfile', file, this.#tag(version)]);
    // The hosts see the images of this machine: they are to pull this one.
    await run('podman', ['rmi', '--force', this.#tag(version)]);
    const digest = (await readFile(file, 'utf8')).trim();
    this.digests.set(version, digest);
    return digest;
  }

  /** Whether this version is what the first host serves. */
  async isLive(version: string): Promise<boolean> {
    return (await (await fetch(await this.url('a'))).text()) === version;
  }

  /** Of the proxy of a host, at its address in Podman's network, which root reaches. */
  async url(name: string): Promise<string> {
    const host = this.hosts.find((one) => one.name === name);
    interface Inspected {
      readonly NetworkSettings: { readonly Networks: Readonly<Record<string, { readonly IPAddress: string }>> };
    }
    const proxy = await host?.podman.client.get<Inspected>('/containers/plimsoll-proxy/json');
    return `http://${proxy?.NetworkSettings.Networks[host?.network ?? '']?.IPAddress}:8080`;
  }

  plan(overrides: Partial<ServicePlan> = {}): ServicePlan {
    return {
      service: 'demo',
      environment: 'production',
      container: {
        repository: `${this.registry}/demo`,
        environment: {},
        secrets: [],
        networks: [],
        volumes: [],
        tmpfs: [],
        limits: { memoryBytes: 128 * 1024 * 1024, pids: 64 },
      },
      port: 8080,
      replicas: 1,
      health: { path: '/readyz', intervalMs: 200, timeoutMs: 1000, withinMs: 60_000 },
      migration: null,
      drain: { delayMs: 1000, withinSeconds: 10 },
      proxy: {
        image: 'docker.io/library/caddy:2.11.4',
        container: 'plimsoll-proxy',
        network: 'plimsoll',
        ports: [],
        site: 'http://:8080',
      },
      hosts: this.hosts.map(({ name, network, socketPath }) => {
        return { name, podman: { kind: 'local', socketPath }, proxy: { network } };
      }),
      batch: '1',
      ...overrides,
    };
  }

  #tag(version: string): string {
    return `${this.registry}/demo:${version}`;
  }

  async #startRegistry(): Promise<void> {
    const file = join(this.folder, 'registry.yml');
    const storage = `storage: { filesystem: { rootdirectory: ${join(this.folder, 'registry')} } }`;
    await writeFile(file, `version: 0.1\nlog: { level: error }\n${storage}\nhttp: { addr: '${this.registry}' }\n`);
    // It logs every layer that it has not got yet as an error.
    const log = openSync(join(this.folder, 'registry.log'), 'w');
    this.#registryProcess = spawn('docker-registry', ['serve', file], { stdio: ['ignore', log, log] });
    closeSync(log);
    await eventually(async () => (await fetch(`http://${this.registry}/v2/`)).ok);
  }
}
