/** Where the Podman of a host listens. */
export type PodmanAddress =
  | { readonly kind: 'local'; readonly socketPath: string }
  /** `destination` as OpenSSH takes it: a name of ~/.ssh/config, `user@host`, `ssh://user@host:port`. */
  | { readonly kind: 'ssh'; readonly destination: string; readonly socketPath: string };

export interface HostPlan {
  readonly name: string;
  readonly podman: PodmanAddress;
  /** What is different about the proxy of this host, say its ports. */
  readonly proxy?: Partial<ProxyPlan>;
}

export interface SecretMount {
  /** The name of a secret of the host's Podman. */
  readonly name: string;
  /** A file in the container, or with `env` a variable. */
  readonly target: string;
  readonly as: 'file' | 'env';
  /** Of the file: who owns it, root unless given, and its mode, for all to read unless given. */
  readonly uid?: number;
  readonly mode?: number;
}

export interface PublishedPort {
  readonly host: number;
  readonly container: number;
}

/** What runs in a container of the service, whatever its version. */
export interface ContainerPlan {
  /** Without tag and digest: `registry.example.com/checkout`. */
  readonly repository: string;
  readonly command?: readonly string[];
  readonly user?: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: readonly SecretMount[];
  /** Networks of the host beside the proxy's. */
  readonly networks: readonly string[];
  readonly volumes: readonly { readonly name: string; readonly target: string; readonly readOnly: boolean }[];
  /** Folders in memory, since the root is read-only. */
  readonly tmpfs: readonly string[];
  readonly limits: { readonly memoryBytes: number; readonly pids: number; readonly cpus?: number };
}

export interface HealthPlan {
  readonly path: string;
  /** Where it is asked for, if that is not the port of the traffic. */
  readonly port?: number;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** A new container that is not ready for so long is a bad one. */
  readonly withinMs: number;
}

export interface ProxyPlan {
  readonly image: string;
  readonly container: string;
  readonly network: string;
  readonly ports: readonly PublishedPort[];
  /** The address of the service's site, as Caddy takes it: `checkout.example.com`, `http://:8080`. */
  readonly site: string;
}

/** A service in an environment, as it is to run on each of its hosts. */
export interface ServicePlan {
  readonly service: string;
  readonly environment: string;
  readonly container: ContainerPlan;
  /** That the service listens on in its container. */
  readonly port: number;
  readonly replicas: number;
  readonly health: HealthPlan;
  readonly migration: { readonly command: readonly string[]; readonly withinMs: number } | null;
  /** An old container is given `delayMs` before it is told to end, and then `withinSeconds` to do so. */
  readonly drain: { readonly delayMs: number; readonly withinSeconds: number };
  readonly proxy: ProxyPlan;
  readonly hosts: readonly HostPlan[];
  /** Hosts that are changed at once: a number, or a share such as `25%`. */
  readonly batch: string;
}

/** The plan as it counts on this host. */
export function planOn(plan: ServicePlan, host: HostPlan): ServicePlan {
  return { ...plan, proxy: { ...plan.proxy, ...host.proxy } };
}

/** One version of the service on a host: what one deployment has started there. */
export interface Version {
  readonly deployment: string;
  readonly digest: string;
}

/** The hosts in the groups in which they are changed. A share is rounded down, and is at least one host. */
export function batchesOf<Host>(hosts: readonly Host[], batch: string): Host[][] {
  const wanted = batch.endsWith('%') ? Math.floor((hosts.length * Number.parseFloat(batch)) / 100) : Number(batch);
  const size = Math.max(1, Number.isFinite(wanted) ? Math.floor(wanted) : 1);
  const count = Math.ceil(hosts.length / size);
  return Array.from({ length: count }, (_, n) => hosts.slice(n * size, (n + 1) * size));
}
