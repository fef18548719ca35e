import type { Version } from './host-plan.model.js';

export interface ContainerState {
  readonly name: string;
  readonly deployment: string;
  readonly digest: string;
  readonly replica: number;
  readonly isRunning: boolean;
  /** How often Podman has started it again after it had ended by itself. */
  readonly restarts: number;
  /** What it was started with; null where it does not tell. */
  readonly settings?: string | null;
}

/** What is seen of one host, and nothing that anybody has to remember. */
export interface HostState {
  /** Digests of the service's images that are there. */
  readonly images: readonly string[];
  readonly containers: readonly ContainerState[];
  /** The deployment whose containers the proxy sends to; `mixed` in the middle of a switch, null for none. */
  readonly live: string | null;
  /** The deployments whose containers were seen to be ready since the last change of them. */
  readonly ready: readonly string[];
}

export type HostStep =
  | { readonly kind: 'pull' }
  | { readonly kind: 'create'; readonly replica: number }
  | { readonly kind: 'start'; readonly container: string }
  | { readonly kind: 'await-ready' }
  | { readonly kind: 'switch' }
  | { readonly kind: 'stop-routing' }
  /** Containers of other versions, which stay for a return. */
  | { readonly kind: 'drain'; readonly containers: readonly string[] };

/**
 * What brings a host one step nearer to that version, or to none; null once it is there. Only what the host shows is
 * asked, so that whoever goes on after a kill, with the same or with another version, needs no other memory.
 * The order is the promise: nothing is sent to what is not ready, and nothing ends that something is sent to.
 */
export function nextStep(host: HostState, to: Version | null, replicas: number): HostStep | null {
  if (to === null) return host.live === null ? drainOthers(host, null) : { kind: 'stop-routing' };
  const own = containersOf(host, to.deployment);
  for (let replica = 1; replica <= replicas; replica += 1) {
    const container = own.find((one) => one.replica === replica);
    if (container === undefined)
      return host.images.includes(to.digest) ? { kind: 'create', replica } : { kind: 'pull' };
    if (!container.isRunning) return { kind: 'start', container: container.name };
  }
  if (!host.ready.includes(to.deployment)) return { kind: 'await-ready' };
  if (host.live !== to.deployment) return { kind: 'switch' };
  return drainOthers(host, to.deployment);
}

function drainOthers(host: HostState, deployment: string | null): HostStep | null {
  const others = host.containers.filter((one) => one.isRunning && one.deployment !== deployment);
  return others.length === 0 ? null : { kind: 'drain', containers: others.map(({ name }) => name) };
}

export function containersOf(host: HostState, deployment: string): ContainerState[] {
  return host.containers.filter((one) => one.deployment === deployment);
}

/** The version that serves on this host; null where none does, or where two do. */
export function liveVersion(host: HostState): Version | null {
  const container = host.containers.find((one) => one.deployment === host.live);
  return container === undefined ? null : { deployment: container.deployment, digest: container.digest };
}
