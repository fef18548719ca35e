import { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { addressList, allowList, hostList } from './allow-list.js';
import { sinkList } from './sink-list.js';
import { oidcIssuers } from './oidc-issuers.js';
import { nameValues } from './name-values.js';

/** The text about a setting in the reference page and `.env.example`, beside its type. */
interface SettingNotes {
  description: string;
  example?: string;
  /** The value is never shown: not by `/config`, not in a log line, not in a message about a fault. */
  secret?: true;
  /** The file of its `NAME_FILE` has more than one line. */
  multiline?: true;
}

export const settingNotes = z.registry<SettingNotes>();

const whole = (least: number, most: number) => {
  const error = `must be a whole number from ${least} to ${most}`;
  const digits = z.string().regex(/^\d{1,9}$/, error);
  return digits.transform(Number).refine((value) => value >= least && value <= most, error);
};
const oneOf = <const Names extends readonly [string, ...string[]]>(...names: Names) =>
  z.enum(names, { error: `must be one of ${names.join(', ')}` });
const ratio = z
  .string()
  .regex(/^(?:0|1|[01]?\.\d{1,9})$/, 'must be a number from 0 to 1')
  .transform(Number)
  .refine((value) => value <= 1, 'must be a number from 0 to 1');
const urlOf = (protocol: RegExp, example: string) =>
  z
    .url({ protocol, error: `must be a URL such as ${example}` })
    .refine(hasDecodablePassword, 'must have each % of its password written as %25');
const httpUrl = urlOf(/^https?$/, 'https://host.example');
/** No password in the URL: `/config` shows the URL, and `fetch` refuses one with a password. */
const openUrl = httpUrl.refine((url) => !/^\w+:\/*[^/?#]*@/.test(url), 'must hold no user and no password');

function isCertificate(text: string): boolean {
  try {
    return new X509Certificate(text).subject !== undefined;
  } catch {
    return false;
  }
}

function hasDecodablePassword(url: string): boolean {
  try {
    return decodeURIComponent(URL.parse(url)?.password ?? '') !== null;
  } catch {
    return false;
  }
}

/**
 * Every setting there is. The schema is the type, the validator, `.env.example` and docs/configuration.md.
 * A key's environment variable is the key in upper snake case; each can be given as `NAME_FILE` too.
 */
export const settingsSchema = z.object({
  appEnv: oneOf('development', 'test', 'staging', 'production').default('development').register(settingNotes, {
    description: 'Chooses `config/<name>.env` and the rules that the other settings have to keep.',
  }),
  host: z.string().default('127.0.0.1').register(settingNotes, {
    description: 'Address that the API listens on.',
  }),
  port: whole(0, 65_535).default(3000).register(settingNotes, { description: 'Port that the API listens on.' }),
  maxConnections: whole(16, 100_000).optional().register(settingNotes, {
    description:
      'Connections of the API at once. A new one beyond takes the place of one that waits. When unset: two for each MiB that the process may have.',
    example: '1024',
  }),
  opsHost: z.string().default('127.0.0.1').register(settingNotes, {
    description: 'Address that the operations listener listens on.',
  }),
  opsPort: whole(0, 65_535).default(9464).register(settingNotes, {
    description: 'Port of the operations listener: probes, metrics, and what shows or changes the running process.',
  }),
  opsAllowedHosts: hostList.default([]).register(settingNotes, {
    description:
      'Names by which the operations listener is asked, separated by commas, beside loopback and `OPS_HOST`: a request that names another in its `Host` is refused. On `0.0.0.0` it takes every address.',
    example: 'app-1,app-1.internal',
  }),
  opsMaxConnections: whole(8, 100_000).optional().register(settingNotes, {
    description:
      'Connections of the operations listener at once. When unset: one for each 2 MiB that the process may have.',
    example: '256',
  }),
  opsToken: z.string().optional().register(settingNotes, {
    description: 'Bearer token for the operations endpoints that show detail or write. Without it they answer 404.',
    secret: true,
  }),
  opsMaxAccess: oneOf('none', 'read', 'write').default('read').register(settingNotes, {
    description:
      'The most that the operations endpoints allow to whoever has the token. Probes, metrics and info stay.',
  }),
  databaseUrl: urlOf(/^postgres(ql)?$/, 'postgres://user@host:5432/plimsoll').register(settingNotes, {
    description: 'The PostgreSQL database that holds the ledger.',
    example: 'postgres://plimsoll@127.0.0.1:5432/plimsoll',
    secret: true,
  }),
  databasePooler: z
    .string()
    .regex(
      /^(\[[0-9a-fA-F:.]{2,45}\]|[A-Za-z0-9._-]{1,253}):\d{1,5}$/,
      'must be a host and a port, such as pgbouncer:6432',
    )
    .optional()
    .register(settingNotes, {
      description:
        'Where a pooler in transaction mode listens, such as PgBouncer. Queries go through it, with the user and the password of `DATABASE_URL`; LISTEN and migrations go past it.',
      example: 'pgbouncer:6432',
    }),
  databasePoolSize: whole(2, 500).default(20).register(settingNotes, {
    description:
      'Connections that the requests of one instance share. Beside these it makes 16 of its own at most, 12 of them for gates; instances × all of these stays below `max_connections`.',
  }),
  redisUrl: urlOf(/^rediss?$/, 'redis://host:6379')
    .optional()
    .register(settingNotes, {
      description: 'Redis for the second tier of the cache. Staging and production require it.',
      example: 'redis://127.0.0.1:6379',
      secret: true,
    }),
  unleashUrl: openUrl
    .regex(/\/api\/?$/, 'must end with /api')
    .optional()
    .register(settingNotes, {
      description: 'The Unleash server, with its `/api`. Without it flags have their bootstrap values and defaults.',
      example: 'https://unleash.example.com/api',
    }),
  unleashToken: z.string().optional().register(settingNotes, {
    description: 'Backend API token of Unleash; required with `UNLEASH_URL`.',
    secret: true,
  }),
  unleashRefreshMs: whole(1000, 3_600_000).default(15_000).register(settingNotes, {
    description: 'How often the flags are fetched.',
  }),
  prometheusUrl: openUrl.optional().register(settingNotes, {
    description: 'The Prometheus that checks query. Without it such checks are refused.',
    example: 'http://127.0.0.1:9090',
  }),
  prometheusToken: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'must be one word of ASCII')
    .optional()
    .register(settingNotes, { description: 'Bearer token for Prometheus.', secret: true }),
  prometheusUser: z
    .string()
    .regex(/^[^:]+$/, 'must hold no colon')
    .optional()
    .register(settingNotes, {
      description: 'User of the basic authentication to Prometheus, in place of a token.',
      example: 'plimsoll',
    }),
  prometheusPassword: z.string().optional().register(settingNotes, {
    description: 'Password that belongs to `PROMETHEUS_USER`.',
    secret: true,
  }),
  prometheusCa: z.string().refine(isCertificate, 'must be a certificate in PEM').optional().register(settingNotes, {
    description:
      'Certificate of the authority, in PEM, that has to have signed that of Prometheus: `PROMETHEUS_CA_FILE` names its file. When unset: those that Node knows.',
    multiline: true,
  }),
  bootstrapAdminToken: z.string().optional().register(settingNotes, {
    description: 'Becomes the first admin token if there is none.',
    example: 'plm_…',
    secret: true,
  }),
  oidcIssuers: oidcIssuers.default([]).register(settingNotes, {
    description:
      'Issuers of OpenID Connect whose tokens are taken beside those of Plimsoll, and which role they give, as JSON. See [Deploy from a pipeline](how-to/deploy-from-a-pipeline.md#without-a-secret).',
    example:
      '[{"issuer":"https://token.actions.githubusercontent.com","audience":"plimsoll","rules":[{"claims":{"repository":"acme/checkout"},"role":"deployer","service":"checkout"}]}]',
    multiline: true,
  }),
  probeAllow: allowList.default([]).register(settingNotes, {
    description: 'Host names, addresses and CIDR ranges that gates and sinks may reach, separated by commas.',
    example: '10.0.0.0/8,app.example.com',
  }),
  sinks: sinkList.default([]).register(settingNotes, {
    description:
      'Where events are sent, as a list in JSON, whose members have `name`, `kind` (`cdevents`, `slack`, `teams`), `url` and `secret`. Give it as `SINKS_FILE`: it holds secrets.',
    example: '[{"name":"chat","kind":"slack","url":"https://chat.example.com/hooks/…"}]',
    secret: true,
    multiline: true,
  }),
  publicUrl: openUrl.optional().register(settingNotes, {
    description:
      'Where people reach Plimsoll. Messages to chats link to its board there: `/board/deployments/{id}`, `/board/incidents/{id}`. Without it they have no links.',
    example: 'https://plimsoll.example.com',
  }),
  trustedProxies: addressList.default([]).register(settingNotes, {
    description:
      'Addresses and CIDR ranges of the proxies before the API, separated by commas. Only what comes from one of them is believed what `X-Forwarded-For` says.',
    example: '10.0.0.2,10.0.1.0/24',
  }),
  shutdownDelayMs: whole(0, 600_000).default(5000).register(settingNotes, {
    description:
      'How long requests are served as usual after readiness is gone; longer than probe period × failures. 0 in development.',
  }),
  shutdownDeadlineMs: whole(1000, 900_000).default(25_000).register(settingNotes, {
    description: 'When the process ends with exit code 124 whatever still runs. Requests are aborted 5 s before.',
  }),
  stallDeadlineMs: whole(0, 3_600_000).default(0).register(settingNotes, {
    description:
      'A process whose event loop has stood still for so long ends with exit code 70, so that it is restarted. 0 is never, as in development: a breakpoint is no fault.',
    example: '30000',
  }),
  logLevel: oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent').default('info').register(settingNotes, {
    description: 'The least level that is logged.',
  }),
  logFormat: oneOf('json', 'pretty').optional().register(settingNotes, {
    description: '`pretty` is for people. When unset: pretty on a terminal in development, else JSON.',
  }),
  sentryDsn: httpUrl
    .regex(/^https?:\/\/[^/?#@]{1,500}@.*\/\w+$/i, 'must hold a key and a project: https://key@host/1')
    .optional()
    .register(settingNotes, {
      description: 'Where errors are reported.',
      example: 'https://key@sentry.example.com/1',
      secret: true,
    }),
  otelExporterOtlpEndpoint: openUrl.optional().register(settingNotes, {
    description:
      'The OpenTelemetry collector that spans are sent to, by OTLP over HTTP; `/v1/traces` is appended. Without it there is no tracing.',
    example: 'http://127.0.0.1:4318',
  }),
  otelExporterOtlpHeaders: nameValues.optional().register(settingNotes, {
    description: 'Headers for the collector: `name=value,name=value`, with values percent-encoded.',
    example: 'authorization=Bearer%20…',
    secret: true,
  }),
  otelExporterOtlpProtocol: oneOf('http/protobuf').default('http/protobuf').register(settingNotes, {
    description: 'How spans are sent to the collector; there is one way.',
  }),
  otelExporterOtlpTimeout: whole(100, 60_000).default(10_000).register(settingNotes, {
    description: 'Milliseconds that the collector has to take a batch of spans, retries included.',
  }),
  otelBspScheduleDelay: whole(10, 60_000).default(5000).register(settingNotes, {
    description: 'Milliseconds between two batches of spans.',
  }),
  otelTracesSampler: oneOf('parentbased_traceidratio', 'parentbased_always_on', 'parentbased_always_off')
    .default('parentbased_traceidratio')
    .register(settingNotes, {
      description: 'Which traces are recorded. A caller that sends `traceparent` has decided already.',
    }),
  otelTracesSamplerArg: ratio.default(1).register(settingNotes, {
    description: 'The share of traces that `parentbased_traceidratio` records, from 0 to 1.',
  }),
  otelServiceName: z.string().max(256).default('plimsoll').register(settingNotes, {
    description: 'Name of this service in traces.',
  }),
  otelResourceAttributes: nameValues.optional().register(settingNotes, {
    description: 'What else every span says of this instance: `name=value,name=value`, with values percent-encoded.',
    example: 'deployment.environment.name=production,host.name=app-1',
  }),
  otelSdkDisabled: oneOf('true', 'false').default('false').register(settingNotes, {
    description: '`true` turns tracing off, whatever the other settings say.',
  }),
  diagnosticsDir: z.string().optional().register(settingNotes, {
    description:
      'Private directory for heap snapshots, CPU profiles and reports. Without it there are no diagnostics endpoints.',
    example: '/var/lib/plimsoll/diagnostics',
  }),
  gitSha: z.string().optional().register(settingNotes, {
    description: 'Commit that was built; the image sets it. Shown by `/info`.',
  }),
  buildTime: z.iso
    .datetime({ offset: true, error: 'must be a time such as 2026-01-31T12:00:00Z' })
    .optional()
    .register(settingNotes, {
      description: 'When it was built; the image sets it. Shown by `/info`.',
    }),
  imageDigest: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/, 'must be sha256: and 64 hex digits')
    .optional()
    .register(settingNotes, {
      description: 'Digest of the image that runs; who deploys it sets it. Shown by `/info`.',
    }),
});

/** The validated settings of this process: frozen, and the same object for its whole life. */
export type Settings = Readonly<z.output<typeof settingsSchema>>;

/**
 * Injects {@link Settings}, for code that creates applications and their parts. A module uses its own part:
 * `settingsPart`.
 */
export const SETTINGS = Symbol('SETTINGS');
