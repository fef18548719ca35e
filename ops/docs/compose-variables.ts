import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clone } from '../scripts/clone.mjs';
import { Failure } from '../scripts/terminal.mjs';

export interface ComposeVariable {
  name: string;
  description: string;
  /** Where the two compose files differ: the one of podman-compose.yml. */
  byDefault: string;
}

const descriptions: Record<string, string> = {
  COMPOSE_PROJECT_NAME: 'Name of the stack: its containers, volumes, networks and secrets begin with it.',
  IMAGE: 'The image of Plimsoll in the production-like stack.',
  IMAGE_DIGEST: 'Digest of that image, for `/info`.',
  SITE_NAME: 'Name that the proxy answers to, and has a certificate for.',
  PROXY_ADDRESS: 'Address on which the proxy is published.',
  PROXY_PORT: 'Port on which the proxy is published.',
  UPSTREAMS: 'The instances that the proxy sends requests to.',
  UNLEASH_UI_ADDRESS: 'Address on which the pages of Unleash are published, with the profile `unleash-ui`.',
  UNLEASH_UI_PORT: 'Port on which they are published.',
  OPS_MAX_ACCESS: 'What the token of the operations port may do: `none`, `read`, or `write`, which the runbooks need.',
  BACKUP_HOUR: 'Hour, in UTC, after which the backup of the day is made.',
  PROMETHEUS_CONFIG: "Folder with Prometheus's configuration.",
  PROMETHEUS_URL: 'The Prometheus that checks query, if it is not the one of the stack.',
  OIDC_ISSUERS: 'Issuers of OpenID Connect whose tokens are taken, as JSON.',
  SINKS: 'Where events are sent, in development. The production-like stack has the secret `sinks`.',
  OTEL_EXPORTER_OTLP_ENDPOINT: 'The OpenTelemetry collector that spans are sent to. Without it there is no tracing.',
  OTEL_TRACES_SAMPLER: 'Which traces are recorded.',
  OTEL_TRACES_SAMPLER_ARG: 'The share of them that is.',
  OTEL_RESOURCE_ATTRIBUTES: 'What else every span says of the instance.',
  PROBE_ALLOW: 'Hosts that gates and sinks may reach.',
  TRUSTED_PROXIES: 'Where the proxy reaches the instances from.',
  ALERTMANAGER_CONFIG:
    'Folder with the configuration of Alertmanager; `npm run alertmanager` writes one that tells people.',
  PODMAN_SOCKET: "Podman's API socket, from which Alloy reads the logs.",
  GRAFANA_PORT: 'Port of Grafana on loopback, with the profile `observability`.',
  DEV_IMAGE: 'The image of the development stack.',
  LOG_FORMAT: 'Of the instance in development: `json`, or `pretty` for people.',
  PORT: 'Port of the API on loopback, in development.',
  OPS_PORT: 'Port of the operations listener on loopback, in development.',
  DEBUG_PORT: 'Port of the debugger on loopback, in development.',
  POSTGRES_PORT: 'Port of PostgreSQL on loopback, in development.',
  PROMETHEUS_PORT: 'Port of Prometheus on loopback, in development.',
  UNLEASH_PORT: 'Port of Unleash on loopback, in development.',
};

/** Every variable that the compose files take. Fails on one that is not described, or described and not taken. */
export async function composeVariables(): Promise<ComposeVariable[]> {
  const taken = new Map([['COMPOSE_PROJECT_NAME', 'plimsoll']]);
  for (const file of ['podman-compose.yml', 'podman-compose.override.yml']) {
    const text = await readFile(join(clone, file), 'utf8');
    // Two dollar signs are one for the shell in the container.
    for (const [, name = '', byDefault = ''] of text.matchAll(/(?<!\$)\$\{?([A-Z_]+)(?::-([^}]*))?/g)) {
      if (!taken.has(name)) taken.set(name, byDefault);
    }
  }
  const wrong = [...new Set([...taken.keys(), ...Object.keys(descriptions)])].filter(
    (name) => !(taken.has(name) && name in descriptions),
  );
  if (wrong.length > 0) throw new Failure(`Either not taken by a compose file or not described: ${wrong.join(', ')}`);
  return Object.entries(descriptions).map(([name, description]) => ({
    name,
    description,
    byDefault: taken.get(name) ?? '',
  }));
}
