import { PodmanClient } from '../podman/podman-client.js';
import { PodmanHost } from '../podman/podman-host.js';
import { SshTunnel } from '../podman/ssh-tunnel.js';
import { HostSlot, type TellStep } from './host-slot.js';
import { planOn, type HostPlan, type ServicePlan } from './host-plan.model.js';
import { Journal } from './journal.js';
import type { OpenHost } from './rollout-parties.js';
import { UnreportedDeployments } from './unreported.js';

export interface OpenHosts extends AsyncDisposable {
  readonly hosts: readonly (OpenHost & { readonly podman: PodmanHost })[];
}

/** Every host of the plan. One that nobody reaches fails when it is asked. */
export function openHosts(plan: ServicePlan, tell: (host: string, ...step: Parameters<TellStep>) => void): OpenHosts {
  const tunnels: SshTunnel[] = [];
  const hosts = plan.hosts.map((host) => {
    const podman = new PodmanHost(new PodmanClient(socketOf(host.podman, tunnels)));
    const slot = new HostSlot(planOn(plan, host), podman, (step) => tell(host.name, step));
    const unreported = new UnreportedDeployments(plan, podman);
    return { name: host.name, podman, slot, journal: new Journal(plan, podman), unreported };
  });
  const close = async (): Promise<void> => {
    await Promise.all(tunnels.map((tunnel) => tunnel.close()));
  };
  return { hosts, [Symbol.asyncDispose]: close };
}

function socketOf(podman: HostPlan['podman'], tunnels: SshTunnel[]): () => Promise<string> {
  if (podman.kind === 'local') return () => Promise.resolve(podman.socketPath);
  const tunnel = new SshTunnel(podman.destination, podman.socketPath);
  tunnels.push(tunnel);
  return () => tunnel.socket();
}
