import type { HostPlan, PodmanAddress, SecretMount, ServicePlan } from '../hosts/host-plan.model.js';
import type { Host, Secret, SlotSettings } from '../plimsoll-file/plimsoll-file.js';

const SOCKET = '/run/podman/podman.sock';

/** What plimsoll.yml says of an environment, as hosts are changed by it. */
export function servicePlanOf(settings: SlotSettings): ServicePlan {
  const { service, slug, port, replicas, migrate, drainSeconds, stopSeconds, proxy, hosts, batches } = settings;
  const { timeoutSeconds = 0, command = [] } = migrate ?? {};
  return {
    service,
    environment: slug,
    container: containerOf(settings),
    port,
    replicas,
    health: healthOf(settings),
    migration: migrate === undefined ? null : { command, withinMs: timeoutSeconds * 1000 },
    drain: { delayMs: drainSeconds * 1000, withinSeconds: Math.ceil(stopSeconds) },
    proxy,
    hosts: hosts.map(hostOf),
    batch: String(batches),
  };
}

function containerOf(settings: SlotSettings): ServicePlan['container'] {
  const { image, environment, secrets, networks, volumes, tmpfs, memory, pids, cpus, command, user } = settings;
  return {
    repository: image,
    ...(command !== undefined && { command }),
    ...(user !== undefined && { user }),
    environment,
    secrets: secrets.map(secretOf),
    networks,
    volumes,
    tmpfs,
    limits: { memoryBytes: bytesOf(memory), pids, ...(cpus !== undefined && { cpus }) },
  };
}

function healthOf({ health }: SlotSettings): ServicePlan['health'] {
  const { path, port, intervalSeconds, timeoutSeconds, withinSeconds } = health;
  return {
    path,
    ...(port !== undefined && { port }),
    intervalMs: intervalSeconds * 1000,
    timeoutMs: timeoutSeconds * 1000,
    withinMs: withinSeconds * 1000,
  };
}

function secretOf({ name, target, variable, uid, mode }: Secret): SecretMount {
  if (variable !== undefined) return { name, target: variable, as: 'env' };
  return {
    name,
    target: target ?? `/run/secrets/${name}`,
    as: 'file',
    ...(uid !== undefined && { uid }),
    ...(mode !== undefined && { mode: Number.parseInt(mode, 8) }),
  };
}

function hostOf({ name, podman, proxy = {} }: Host): HostPlan {
  const own = Object.entries(proxy).filter(([, value]) => value !== undefined);
  return { name, podman: addressOf(podman), ...(own.length > 0 && { proxy: Object.fromEntries(own) }) };
}

/** `unix:///run/podman/podman.sock`, or `ssh://user@host:port/path/of/podman.sock` with its path left out or not. */
function addressOf(url: string): PodmanAddress {
  const [scheme = '', rest = ''] = url.split('://');
  if (scheme === 'unix') return { kind: 'local', socketPath: rest };
  const slash = rest.indexOf('/');
  if (slash < 0) return { kind: 'ssh', destination: `ssh://${rest}`, socketPath: SOCKET };
  return { kind: 'ssh', destination: `ssh://${rest.slice(0, slash)}`, socketPath: rest.slice(slash) };
}

const powers = ['b', 'k', 'm', 'g'];

/** `512m`; the schema lets nothing else through. */
function bytesOf(text: string): number {
  return Number.parseInt(text, 10) * 1024 ** powers.indexOf(text.slice(-1));
}
