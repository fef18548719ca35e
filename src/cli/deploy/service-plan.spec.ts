import { parsePlimsollFile } from '../plimsoll-file/read-plimsoll-file.js';
import { planOn } from '../hosts/host-plan.model.js';
import { servicePlanOf } from './service-plan.js';

const text = `service: checkout
image: registry.example.com/acme/checkout
port: 8080
health: { port: 9464, withinSeconds: 90 }
environment: { WORKERS: 4 }
secrets: [database-url, { name: key, target: /etc/key, uid: 1000, mode: "0400" }, { name: token, variable: TOKEN }]
memory: 2g
cpus: 1.5
drainSeconds: 2
migrate: { command: [node, migrate.js] }
proxy: { site: checkout.example.com, ports: [] }
environments:
  production:
    batches: 50%
    hosts:
      - { name: a, url: http://10.0.0.5:8080, podman: unix:///run/user/1000/podman/podman.sock }
      - { name: b, url: http://10.0.0.6:8080, podman: ssh://deploy@10.0.0.6:2222, proxy: { network: other } }
      - { name: c, url: http://10.0.0.7:8080, podman: ssh://app-3/run/user/1000/podman/podman.sock }
  staging: {}
`;

const planOf = (environment: string) => servicePlanOf(parsePlimsollFile(text).slot(environment));

describe('a service plan', () => {
  it('is what plimsoll.yml says of an environment, in the units of the engine', () => {
    expect(planOf('production')).toMatchObject({
      service: 'checkout',
      environment: 'production',
      container: {
        repository: 'registry.example.com/acme/checkout',
        environment: { WORKERS: '4' },
        secrets: [
          { name: 'database-url', target: '/run/secrets/database-url', as: 'file' },
          { name: 'key', target: '/etc/key', as: 'file', uid: 1000, mode: 0o400 },
          { name: 'token', target: 'TOKEN', as: 'env' },
        ],
        limits: { memoryBytes: 2 * 1024 ** 3, pids: 256, cpus: 1.5 },
      },
      health: { path: '/readyz', port: 9464, withinMs: 90_000 },
      migration: { command: ['node', 'migrate.js'], withinMs: 600_000 },
      drain: { delayMs: 2000, withinSeconds: 30 },
      batch: '50%',
    });
  });

  it('has the Podman of each host where the file says, on the way that it says', () => {
    expect(planOf('production').hosts.map(({ podman }) => podman)).toEqual([
      { kind: 'local', socketPath: '/run/user/1000/podman/podman.sock' },
      { kind: 'ssh', destination: 'ssh://deploy@10.0.0.6:2222', socketPath: '/run/podman/podman.sock' },
      { kind: 'ssh', destination: 'ssh://app-3', socketPath: '/run/user/1000/podman/podman.sock' },
    ]);
  });

  it('has the proxy of a host as the host says, and as the file says where the host says nothing', () => {
    const plan = planOf('production');
    expect(plan.hosts.map((host) => planOn(plan, host).proxy.network)).toEqual(['plimsoll', 'other', 'plimsoll']);
    expect(plan.hosts[1]?.proxy).toEqual({ network: 'other' });
  });

  it('has bounds and defaults where the file says nothing', () => {
    const { container, health } = servicePlanOf(
      parsePlimsollFile(text.replace('memory: 2g\n', '').replace('port: 9464, ', '')).slot('staging'),
    );
    expect(container.limits.memoryBytes).toBe(512 * 1024 ** 2);
    expect(health).not.toHaveProperty('port');
  });
});
