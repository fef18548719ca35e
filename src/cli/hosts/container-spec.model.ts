import type { ServicePlan, Version } from './host-plan.model.js';
import { aliasOf, containerName, LABELS, labelsOfContainer } from './labels.model.js';

/** What Podman's API takes for a container, as far as it is used here. */
export interface ContainerSpec {
  readonly name: string;
  readonly image: string;
  readonly [member: string]: unknown;
}

/** As little as a program needs: no capability, no new privilege, nothing to write to, bounded memory and processes. */
export function hardened(limits: ServicePlan['container']['limits']) {
  const period = 100_000;
  return {
    cap_drop: ['ALL'],
    no_new_privileges: true,
    read_only_filesystem: true,
    resource_limits: {
      memory: { limit: limits.memoryBytes },
      pids: { limit: limits.pids },
      ...(limits.cpus !== undefined && { cpu: { quota: Math.round(limits.cpus * period), period } }),
    },
    log_configuration: { driver: 'k8s-file', size: 10 * 1024 * 1024 },
  };
}

export function imageOf(plan: ServicePlan, digest: string): string {
  return `${plan.container.repository}@${digest}`;
}

/** `settings` says in a label what it is started with. */
export function replicaSpec(plan: ServicePlan, version: Version, replica: number, settings: string): ContainerSpec {
  const name = containerName(plan, version.deployment, replica);
  return {
    ...programSpec(plan, version.digest, name),
    labels: { ...labelsOfContainer(plan, version, 'replica', replica), [LABELS.settings]: settings },
    ...(plan.container.command && { command: plan.container.command }),
    restart_policy: 'unless-stopped',
    networks: {
      [plan.proxy.network]: { aliases: [aliasOf(version.deployment, replica)] },
      ...Object.fromEntries(plan.container.networks.map((network) => [network, {}])),
    },
  };
}

/** It runs once, and stays as the record of how it ended. */
export function migrationSpec(plan: ServicePlan, version: Version, command: readonly string[]): ContainerSpec {
  const name = containerName(plan, version.deployment, 'migrate');
  return {
    ...programSpec(plan, version.digest, name),
    labels: labelsOfContainer(plan, version, 'migration', 0),
    command,
    restart_policy: 'no',
    networks: Object.fromEntries([plan.proxy.network, ...plan.container.networks].map((network) => [network, {}])),
  };
}

function programSpec(plan: ServicePlan, digest: string, name: string): ContainerSpec {
  const { container, drain } = plan;
  return {
    name,
    image: imageOf(plan, digest),
    ...hardened(container.limits),
    ...(container.user !== undefined && { user: container.user }),
    // So that the service can tell a gate which image it is.
    env: { ...container.environment, IMAGE_DIGEST: digest },
    secrets: container.secrets
      .filter((secret) => secret.as === 'file')
      .map(({ name: Source, target: Target, uid = 0, mode = 0o444 }) => ({ Source, Target, UID: uid, Mode: mode })),
    secret_env: Object.fromEntries(
      container.secrets.filter((secret) => secret.as === 'env').map((secret) => [secret.target, secret.name]),
    ),
    volumes: container.volumes.map(({ name: Name, target: Dest, readOnly }) => ({
      Name,
      Dest,
      Options: readOnly ? ['ro'] : [],
    })),
    mounts: container.tmpfs.map((destination) => ({
      destination,
      type: 'tmpfs',
      source: 'tmpfs',
      options: ['rw', 'noexec', 'nosuid', 'nodev', 'size=64m'],
    })),
    netns: { nsmode: 'bridge' },
    stop_timeout: drain.withinSeconds,
  };
}
