import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { HostSlot } from '../../src/cli/hosts/host-slot.js';
import { planOn } from '../../src/cli/hosts/host-plan.model.js';
import { Command, type Ended, program } from './command.js';
import type { Lab } from './lab.js';
import type { Plimsoll } from './a-plimsoll.js';

const GIT_SHA = '0'.repeat(40);

/** A service's folder with its plimsoll.yml, for the hosts of a lab. */
export class Project {
  /** Of hosts that are not asked at their socket. */
  readonly addresses = new Map<string, string>();
  /** For the command, beside where the ledger is. */
  variables: Readonly<Record<string, string>> = {};

  private constructor(
    readonly lab: Lab,
    readonly plimsoll: Plimsoll,
    readonly folder: string,
    readonly urls: readonly string[],
  ) {}

  /** With hosts and gate in the ledger. */
  static async begin(lab: Lab, plimsoll: Plimsoll): Promise<Project> {
    const folder = join(lab.folder, 'project');
    await mkdir(folder, { recursive: true });
    const urls = await Promise.all(lab.hosts.map((host) => proxyUrl(lab, host.name)));
    const project = new Project(lab, plimsoll, folder, urls);
    await plimsoll.ask('PUT', '/v1/environments/production', { tier: 'production' });
    await plimsoll.ask('PUT', '/v1/services/demo', {});
    await project.write();
    await project.apply();
    return project;
  }

  /** Its plimsoll.yml, with what is said in place of what it has. */
  async write(top: object = {}, gate: object = UNGATED): Promise<void> {
    const file = {
      service: 'demo',
      image: `${this.lab.registry}/demo`,
      port: 8080,
      health: { intervalSeconds: 0.2, timeoutSeconds: 5, withinSeconds: 90 },
      drainSeconds: 1,
      stopSeconds: 10,
      memory: '128m',
      pids: 64,
      proxy: { site: 'http://:8080', ports: [] },
      ...top,
      environments: { production: { hosts: this.#hosts(), gate } },
    };
    await writeFile(join(this.folder, 'plimsoll.yml'), stringify(file));
  }

  async apply(): Promise<void> {
    const { code, errors } = await this.run('apply');
    if (code !== 0) throw new Error(errors);
  }

  start(...args: string[]): Command {
    return this.startWith({}, ...args);
  }

  startWith(settings: Readonly<Record<string, string>>, ...args: string[]): Command {
    return Command.start(args, { ...this.#settings, ...settings }, this.folder);
  }

  /** For a shell. */
  commandLine(...args: string[]): { command: string; settings: Readonly<Record<string, string>> } {
    return { command: [process.execPath, program, ...args].join(' '), settings: this.#settings };
  }

  run(...args: string[]): Promise<Ended> {
    return this.start(...args).ended;
  }

  /** `plimsoll deploy` of a release of the lab, with what it is. */
  async deploying(version: string, ...args: string[]): Promise<Command> {
    const digest = await this.lab.release(version);
    return this.start('deploy', '--json', '--yes', ...releaseArguments(digest, version), ...args);
  }

  async deploy(version: string, ...args: string[]): Promise<Ended> {
    return (await this.deploying(version, ...args)).ended;
  }

  /** That another test begins with: it fails with what was said unless it is promoted. */
  async promote(version: string): Promise<void> {
    const { code, out, errors } = await this.deploy(version);
    if (code !== 0) throw new Error(`${code}: ${out}${errors}`);
  }

  /** The ledger knows the release from now on. */
  async put(version: string): Promise<void> {
    const digest = await this.lab.release(version);
    await this.plimsoll.ask('PUT', `/v1/services/demo/releases/${digest}`, { version, gitSha: GIT_SHA });
  }

  /** What the ledger says of the newest deployments: `rollback promoted`, newest first. */
  async history(limit: number): Promise<string[]> {
    const { items } = await this.plimsoll.ask('GET', `/v1/deployments?service=demo&limit=${limit}`);
    return (items as { kind: string; state: string }[]).map(({ kind, state }) => `${kind} ${state}`);
  }

  /** What each host answers with. */
  serving(): Promise<string[]> {
    return Promise.all(this.urls.map(async (url) => (await fetch(url)).text()));
  }

  get #settings(): Readonly<Record<string, string>> {
    return { PLIMSOLL_URL: this.plimsoll.url, PLIMSOLL_TOKEN: this.plimsoll.token, ...this.variables };
  }

  #hosts(): object[] {
    return this.lab.hosts.map(({ name, network, socketPath }, n) => ({
      name,
      url: this.urls[n],
      podman: this.addresses.get(name) ?? `unix://${socketPath}`,
      proxy: { network },
    }));
  }
}

export function releaseArguments(digest: string, version: string): string[] {
  return ['--release', digest, '--version', version, '--git-sha', GIT_SHA];
}

export const UNGATED = { ungated: 'a test' };

/** A gate that asks every second, and rejects at so many failures of a check on a host; each further check asks for the work of the service. */
export function aGate(bakeSeconds: number, checks: readonly string[] = ['/readyz'], failures = 2): object {
  return {
    warmUpSeconds: 0,
    bakeSeconds,
    identity: { url: '{host.url}/info', field: '/imageDigest' },
    checks: checks.map((path, n) => ({
      name: `check-${n + 1}`,
      type: 'http',
      url: `{host.url}${path}`,
      intervalSeconds: 1,
      timeoutSeconds: 1,
      failAt: { total: failures },
      expect: [{ field: 'status', op: 'eq', value: 200 }],
    })),
  };
}

/** The proxy is made here, as the first deployment would: the file has to say where the gate finds it. */
async function proxyUrl(lab: Lab, name: string): Promise<string> {
  const host = lab.hosts.find((one) => one.name === name);
  if (host === undefined) throw new Error(`There is no host ${name}.`);
  const plan = lab.plan();
  const own = plan.hosts.find((one) => one.name === name)!;
  await new HostSlot(planOn(plan, own), host.podman).prepare();
  return lab.url(name);
}
