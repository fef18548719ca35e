import { setTimeout as delay } from 'node:timers/promises';
import { PodmanError } from '../podman/podman-error.js';
import type { ListedContainer, PodmanHost } from '../podman/podman-host.js';
import { settingsOf } from './container-settings.js';
import { imageOf, migrationSpec, replicaSpec } from './container-spec.model.js';
import { HostFailure } from './host-failure.js';
import type { ServicePlan, Version } from './host-plan.model.js';
import { containersOf, nextStep, type ContainerState, type HostState, type HostStep } from './host-state.model.js';
import { aliasOf, containerName, LABELS, labelsOfSlot } from './labels.model.js';
import {
  liveAliasOf,
  proxyIsUpCommand,
  readinessCommand,
  readUpstreamsCommand,
  stopRoutingCommand,
  switchCommand,
  watchCommand,
} from './proxy-site.model.js';
import { prunable } from './prune.model.js';
import { proxySpec } from './proxy-spec.model.js';

const EXEC_TIMEOUT_MS = 30_000;
const LAST_LINES = 10;
const PROXY_START_MS = 20_000;
/** Between two looks at whether a container that is waited for ends again and again. */
const READY_LOOK_MS = 3000;
const SETTLE_MS = 1500;

/** Far more steps than any way has; whoever goes in circles is to fail. */
const MOST_STEPS = 200;
/** Restarts after which a container that does not get ready is given up. */
const MOST_RESTARTS = 3;

export type TellStep = (step: HostStep | { readonly kind: 'prepare' | 'migrate' }) => void;

/** A slot on one host: what is seen of it there, and how it gets from one version to another. */
export class HostSlot {
  readonly #ready = new Set<string>();
  /** Undefined where it has to be asked: nobody else switches while the journal is ours. */
  #liveAlias: string | null | undefined;

  constructor(
    private readonly plan: ServicePlan,
    private readonly podman: PodmanHost,
    private readonly tell: TellStep = () => {},
  ) {}

  /** The network and the proxy, made where they are missing. A proxy that is there is left as it is. */
  async prepare(): Promise<void> {
    this.tell({ kind: 'prepare' });
    const { proxy } = this.plan;
    await this.podman.makeNetwork(proxy.network);
    await this.podman.create(proxySpec(proxy));
    await this.podman.start(proxy.container);
    const { exitCode } = await this.#exec(proxyIsUpCommand(PROXY_START_MS));
    if (exitCode !== 0) throw await this.#failure('the proxy does not start', proxy.container);
  }

  async pull(digest: string): Promise<void> {
    const reference = imageOf(this.plan, digest);
    if (await this.podman.hasImage(reference)) return;
    this.tell({ kind: 'pull' });
    await this.podman.pull(reference).catch((cause: unknown) => {
      throw asHostFailure(cause);
    });
  }

  /** Once for a deployment: a migration that has ended well is not run again. */
  async migrate(version: Version): Promise<void> {
    const { migration } = this.plan;
    if (migration === null) return;
    this.tell({ kind: 'migrate' });
    const name = containerName(this.plan, version.deployment, 'migrate');
    const before = (await this.podman.containers(labelsOfSlot(this.plan))).find(({ Names }) => Names.includes(name));
    if (before?.State === 'exited' && before.ExitCode === 0) return;
    if (before !== undefined && before.State !== 'running') await this.podman.remove(name);
    if (before?.State !== 'running') {
      await this.podman.create(migrationSpec(this.plan, version, migration.command));
      await this.podman.start(name);
    }
    const exitCode = await this.podman.waitForExit(name, migration.withinMs);
    if (exitCode !== 0) throw await this.#failure(`the migration ended with ${exitCode}`, name);
  }

  /** What is there, without making anything: a host without a proxy serves nothing. */
  async look(): Promise<HostState> {
    if (await this.podman.isRunning(this.plan.proxy.container)) return this.observe([]);
    const listed = await this.podman.containers({ ...labelsOfSlot(this.plan), [LABELS.role]: 'replica' });
    return { images: [], containers: listed.map(stateOf), live: null, ready: [] };
  }

  async observe(digests: readonly string[]): Promise<HostState> {
    const [listed, live, images] = await Promise.all([
      this.podman.containers({ ...labelsOfSlot(this.plan), [LABELS.role]: 'replica' }),
      this.#live(),
      Promise.all(digests.map((digest) => this.podman.hasImage(imageOf(this.plan, digest)))),
    ]);
    const containers = listed.map(stateOf);
    const version = containers.find(({ deployment }) => live !== null && aliasOf(deployment, 0).startsWith(`${live}-`));
    return {
      images: digests.filter((_, n) => images[n]),
      containers,
      live: live === null ? null : (version?.deployment ?? 'mixed'),
      ready: [...this.#ready],
    };
  }

  /**
   * Step by step, until this version serves here and no other runs; with null, until nothing of the service does. The
   * guard is asked before each step, and stops it by throwing.
   */
  async bring(to: Version | null, guard: () => Promise<void> = async () => {}): Promise<void> {
    let isSettled = false;
    for (let n = 0; n < MOST_STEPS; n += 1) {
      const state = await this.observe(to === null ? [] : [to.digest]);
      const step = nextStep(state, to, this.plan.replicas);
      if (step === null && (isSettled || !state.containers.some(({ restarts }) => restarts > 0))) return;
      if (step === null) {
        // One that ends again and again may just not be running: it is looked at a second time.
        isSettled = true;
        await delay(SETTLE_MS);
        continue;
      }
      await guard();
      this.tell(step);
      await this.#perform(step, state, to).catch((cause: unknown) => {
        throw asHostFailure(cause);
      });
    }
    throw new HostFailure('it goes in circles: something else changes the same containers');
  }

  /** Watches each replica of the version that serves here, for a while. Fails once one is not ready any more. */
  async watch(forMs: number): Promise<void> {
    const { live: deployment } = await this.observe([]);
    if (deployment === null) return;
    const replicas = Array.from({ length: this.plan.replicas }, (_, n) => n + 1);
    await Promise.all(
      replicas.map(async (replica) => {
        const { exitCode, output } = await this.#exec(watchCommand(this.plan, deployment, replica, forMs));
        const name = containerName(this.plan, deployment, replica);
        if (exitCode !== 0) throw await this.#failure(`${name} is not ready any more: ${lastLineOf(output)}`, name);
      }),
    );
  }

  /** What nothing here will go back to. Without digests to keep, every image stays. */
  async prune(versions: readonly (Version | null)[], digests: readonly string[] | null): Promise<void> {
    const { repository } = this.plan.container;
    const listed = await this.podman.containers(labelsOfSlot(this.plan));
    const images = digests === null ? [] : await this.podman.digestsOf(repository);
    const gone = prunable(listed.map(stateOf), images, { versions, digests: digests ?? [] });
    for (const { name } of gone.containers) await this.podman.remove(name);
    for (const digest of gone.digests) await this.podman.removeImage(imageOf(this.plan, digest));
  }

  async #perform(step: HostStep, state: HostState, to: Version | null): Promise<void> {
    switch (step.kind) {
      case 'drain':
        return this.#drain(step.containers);
      case 'start':
        return this.podman.start(step.container);
      case 'stop-routing':
        return this.#inProxy(stopRoutingCommand(this.plan), 'the proxy could not be told to stop routing');
      default:
        if (to !== null) await this.#build(step, state, to);
    }
  }

  async #build(step: HostStep, state: HostState, to: Version): Promise<void> {
    if (step.kind === 'pull') await this.pull(to.digest);
    else if (step.kind === 'create')
      await this.podman.create(replicaSpec(this.plan, to, step.replica, settingsOf(this.plan)));
    else if (step.kind === 'await-ready') await this.#awaitReady(containersOf(state, to.deployment), to);
    else await this.#inProxy(switchCommand(this.plan, to.deployment), 'the proxy could not be switched');
  }

  async #awaitReady(replicas: readonly ContainerState[], to: Version): Promise<void> {
    const { health } = this.plan;
    const deadline = Date.now() + health.withinMs;
    for (const { name, replica } of replicas) {
      const command = readinessCommand(this.plan, to.deployment, replica, READY_LOOK_MS);
      for (let answer = await this.#exec(command); answer.exitCode !== 0; answer = await this.#exec(command)) {
        await this.#assertAlive(name);
        if (Date.now() > deadline)
          throw await this.#failure(`${name} was not ready in time: ${lastLineOf(answer.output)}`, name);
      }
    }
    this.#ready.add(to.deployment);
  }

  async #assertAlive(name: string): Promise<void> {
    const container = (await this.podman.containers(labelsOfSlot(this.plan))).find(({ Names }) => Names.includes(name));
    if ((container?.Restarts ?? 0) >= MOST_RESTARTS) throw await this.#failure(`${name} ends again and again`, name);
  }

  async #drain(containers: readonly string[]): Promise<void> {
    const { delayMs, withinSeconds } = this.plan.drain;
    // What was sent there a moment ago gets its answer even of a service that ends at once.
    await delay(delayMs);
    await Promise.all(containers.map((name) => this.podman.stop(name, withinSeconds)));
    for (const { deployment } of (await this.observe([])).containers.filter(({ name }) => containers.includes(name))) {
      this.#ready.delete(deployment);
    }
  }

  async #live(): Promise<string | null> {
    if (this.#liveAlias !== undefined) return this.#liveAlias;
    const { exitCode, output } = await this.#exec(readUpstreamsCommand(this.plan));
    if (exitCode !== 0) throw new HostFailure(`the proxy could not be asked where it sends to: ${output.trim()}`);
    this.#liveAlias = liveAliasOf(output);
    return this.#liveAlias;
  }

  async #inProxy(command: readonly string[], otherwise: string): Promise<void> {
    this.#liveAlias = undefined;
    const { exitCode, output } = await this.#exec(command);
    if (exitCode !== 0) throw new HostFailure(`${otherwise}: ${lastLineOf(output)}`, output);
  }

  #exec(command: readonly string[]) {
    return this.podman.exec(this.plan.proxy.container, command, EXEC_TIMEOUT_MS);
  }

  async #failure(message: string, container: string): Promise<HostFailure> {
    return new HostFailure(message, await this.podman.lastLines(container, LAST_LINES).catch(() => ''));
  }
}

function lastLineOf(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

function stateOf({ Names, Labels, State, Restarts }: ListedContainer): ContainerState {
  return {
    name: Names[0] ?? '',
    deployment: Labels?.[LABELS.deployment] ?? '',
    digest: Labels?.[LABELS.digest] ?? '',
    replica: Number(Labels?.[LABELS.replica]),
    isRunning: State === 'running',
    restarts: Restarts ?? 0,
    settings: Labels?.[LABELS.settings] ?? null,
  };
}

/** A refusal of Podman's is the host's failure; that nobody answers is something else, and may pass. */
function asHostFailure(cause: unknown): unknown {
  return cause instanceof PodmanError && !cause.isUnreachable ? new HostFailure(cause.message, '', { cause }) : cause;
}
