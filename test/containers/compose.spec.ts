import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { compose } from './stack.mjs';

interface Service {
  image: string;
  restart?: string;
  mem_limit?: string;
  pids_limit?: number;
  stop_grace_period?: string;
  cap_add?: string[];
  cap_drop?: string[];
  security_opt?: string[];
  privileged?: boolean;
  logging?: { driver: string; options: Record<string, string> };
  healthcheck?: { test: string[]; interval: string; timeout: string; retries: number };
  networks: string[];
  ports?: string[];
  environment?: Record<string, string | null>;
  secrets?: { source: string }[];
  volumes?: (string | { source?: string })[];
  depends_on?: Record<string, { condition: string }>;
}

interface Stack {
  services: Record<string, Service>;
  networks: Record<string, { internal?: boolean } | null>;
  volumes: Record<string, unknown>;
  secrets: Record<string, { external: boolean }>;
}

const profiles = ['observability', 'unleash-ui', 'third-instance', 'standby'].flatMap((name) => ['--profile', name]);
const stack = parse(await compose(...profiles, 'config')) as Stack;
const services = Object.entries(stack.services);
const endsByItself = ['migrate', 'flags', 'alertmanager-token'];
/** Its image holds one program, which cannot ask itself: Prometheus's `up` is its health check. */
const asksNobody = ['redis-exporter'];

describe.each(services)('the service %s', (name, service) => {
  it('has bounds: memory, processes, its log, and how long it may take to stop', () => {
    expect(service.mem_limit).toMatch(/^\d+[mg]$/);
    expect(Number(service.pids_limit)).toBeGreaterThan(0);
    expect(service.logging).toMatchObject({ driver: 'k8s-file', options: { 'max-size': '10m' } });
    expect(service.stop_grace_period).toMatch(/^\d+s$/);
  });

  it('is started again, or ends by itself', () => {
    expect(service.restart).toBe(endsByItself.includes(name) ? 'no' : 'unless-stopped');
  });

  it('says whether it is healthy', () => {
    const { test, interval, timeout, retries } = service.healthcheck ?? {};
    const isAsked = [test?.[0]?.startsWith('CMD'), interval, timeout, retries].every(Boolean);
    expect(isAsked).toBe(![...endsByItself, ...asksNobody].includes(name));
  });

  it('has no capability but what the image cannot be executed without, and gains none', () => {
    expect(service.cap_drop).toEqual(['ALL']);
    expect(service.cap_add ?? []).toEqual(service.image.includes('/caddy:') ? ['NET_BIND_SERVICE'] : []);
    expect(service.security_opt).toContain('no-new-privileges');
    expect(service.privileged).toBeUndefined();
  });

  it('has an image that cannot change under it', () => {
    expect(service.image).toMatch(/^\S+\/\S+:\S*\d\S*$|^localhost\//);
  });

  it('is reached from outside only if it is the proxy, or else from this machine alone', () => {
    const outside = (service.ports ?? []).filter((port) => !port.startsWith('127.0.0.1:'));
    expect(name === 'proxy' || outside.length === 0).toBe(true);
    expect(service.networks.length).toBeGreaterThan(0);
  });

  it('is given secrets by Podman alone', () => {
    const inClear = Object.entries(service.environment ?? {}).filter(
      ([variable, value]) =>
        /PASSWORD|TOKEN|SECRET|_KEY|DATABASE_URL|REDIS_URL/.test(variable) &&
        !variable.endsWith('_FILE') &&
        !variable.endsWith('__FILE') &&
        value,
    );
    expect(inClear).toEqual([]);
    for (const { source } of service.secrets ?? []) expect(stack.secrets[source]).toEqual({ external: true });
  });
});

describe('the stack', () => {
  it('keeps its data and whatever counts on them away from the outside', () => {
    expect(stack.networks['inside']).toMatchObject({ internal: true });
    const outside = services.filter(([, { networks }]) => networks.includes('edge')).map(([name]) => name);
    expect(outside.sort()).toEqual(['app-1', 'app-2', 'app-3', 'grafana', 'prometheus', 'proxy', 'unleash-proxy']);
  });

  it('has what runs once wait for the health of what it needs', () => {
    for (const name of endsByItself) {
      const conditions = Object.values(stack.services[name]?.depends_on ?? {}).map(({ condition }) => condition);
      expect(conditions).toEqual(['service_healthy']);
    }
  });

  it('asks an instance for nothing but its life: a database outage restarts nobody', () => {
    for (const name of ['app-1', 'app-2', 'app-3']) {
      expect(stack.services[name]?.healthcheck?.test.slice(-2)).toEqual(['ops/containers/health-check.mjs', '/livez']);
    }
  });

  it('uses in a health check only what the image has: no bash where there is BusyBox, no shell where there is none', () => {
    const withBash = services.filter(([, { healthcheck }]) => healthcheck?.test.some((word) => /bash/.test(word)));
    expect(withBash.map(([name]) => name)).toEqual(['alloy']);
  });

  it('passes on to the instances who may act, where events go, and whom they ask', () => {
    const { environment, secrets } = stack.services['app-1'] ?? {};
    expect(environment).toMatchObject({
      OIDC_ISSUERS: '',
      OTEL_EXPORTER_OTLP_ENDPOINT: '',
      PROMETHEUS_URL: 'http://prometheus:9090',
    });
    for (const name of ['sinks', 'prometheus-token', 'otel-headers']) {
      expect(Object.values(environment ?? {})).toContain(`/secrets/${name}`);
      expect(secrets).toContainEqual(expect.objectContaining({ target: `/secrets/${name}` }));
    }
  });

  it('has the proxy ask both instances for their health', async () => {
    expect(stack.services['proxy']?.environment).toMatchObject({ UPSTREAMS: 'app-1:3000 app-2:3000' });
    const caddyfile = await readFile('ops/caddy/Caddyfile', 'utf8');
    expect(caddyfile).toMatch(/reverse_proxy \{\$UPSTREAMS\}[^}]*health_uri \/readyz[^}]*health_interval/);
  });

  it('keeps in named volumes what has to last', () => {
    expect(Object.keys(stack.volumes)).toEqual(
      expect.arrayContaining(['postgres-data', 'prometheus-data', 'proxy-data']),
    );
  });
});
