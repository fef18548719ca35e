import { hardened, type ContainerSpec } from './container-spec.model.js';
import type { ProxyPlan } from './host-plan.model.js';
import { proxyCommand, proxyfile, volumeTarget } from './proxy-site.model.js';

/** One for all services of a host, on the network that their containers join. */
export function proxySpec(proxy: ProxyPlan): ContainerSpec {
  return {
    name: proxy.container,
    image: proxy.image,
    ...hardened({ memoryBytes: 256 * 1024 * 1024, pids: 256 }),
    // The program has it as a file capability, without which the kernel refuses to execute it.
    cap_add: ['NET_BIND_SERVICE'],
    entrypoint: ['sh'],
    command: proxyCommand,
    // The image says so as well; the root is read-only, so nothing may depend on that.
    env: { PROXYFILE: proxyfile, XDG_DATA_HOME: '/data', XDG_CONFIG_HOME: '/config' },
    labels: { 'plimsoll.role': 'proxy' },
    volumes: [
      { Name: `${proxy.container}-sites`, Dest: volumeTarget },
      { Name: `${proxy.container}-data`, Dest: '/data' },
      { Name: `${proxy.container}-config`, Dest: '/config' },
    ],
    portmappings: proxy.ports.map(({ host, container }) => ({ host_port: host, container_port: container })),
    netns: { nsmode: 'bridge' },
    networks: { [proxy.network]: {} },
    restart_policy: 'always',
    stop_timeout: 30,
  };
}
