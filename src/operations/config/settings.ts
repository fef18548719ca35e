import { z } from 'zod';
import { allowList } from './allow-list.js';

/** What the reference page and `.env.example` tell about a setting beside its type. */
interface SettingNotes {
  description: string;
  example?: string;
  /** Its value is never shown: not by `/config`, not in a log line, not in a message about a fault. */
  secret?: true;
}

export const settingNotes = z.registry<SettingNotes>();

const whole = (least: number, most: number) => {
  const error = `must be a whole number from ${least} to ${most}`;
  const digits = z.string().regex(/^\d{1,9}$/, error);
  return digits.transform(Number).refine((value) => value >= least && value <= most, error);
};
const oneOf = <const Names extends readonly [string, ...string[]]>(...names: Names) =>
  z.enum(names, { error: `must be one of ${names.join(', ')}` });
const urlOf = (protocol: RegExp, example: string) =>
  z
    .url({ protocol, error: `must be a URL such as ${example}` })
    .refine(hasDecodablePassword, 'must have each % of its password written as %25');
const httpUrl = urlOf(/^https?$/, 'https://host.example');
/** `/config` shows it, and `fetch` takes no URL with a password. */
const openUrl = httpUrl.refine((url) => !/^\w+:\/*[^/?#]*@/.test(url), 'must hold no user and no password');

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
  opsHost: z.string().default('127.0.0.1').register(settingNotes, {
    description: 'Address that the operations listener listens on.',
  }),
  opsPort: whole(0, 65_535).default(9464).register(settingNotes, {
    description: 'Port of the operations listener: probes, metrics, and what shows or changes the running process.',
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
  databasePoolSize: whole(2, 500).default(20).register(settingNotes, {
    description: 'Connections in the pool of one instance; instances × this stays below `max_connections`.',
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
    description: 'The Prometheus that gates query. Without it gates with Prometheus checks are refused.',
    example: 'http://127.0.0.1:9090',
  }),
  bootstrapAdminToken: z.string().optional().register(settingNotes, {
    description: 'Becomes the first admin token if there is none.',
    example: 'plm_…',
    secret: true,
  }),
  probeAllow: allowList.default([]).register(settingNotes, {
    description: 'Host names, addresses and CIDR ranges that gates and sinks may reach, separated by commas.',
    example: '10.0.0.0/8,app.example.com',
  }),
  shutdownDelayMs: whole(0, 600_000).default(5000).register(settingNotes, {
    description: 'How long requests are served as usual after readiness is gone; longer than probe period × failures.',
  }),
  shutdownDeadlineMs: whole(1000, 900_000).default(25_000).register(settingNotes, {
    description: 'When the process ends with exit code 124 whatever still runs. Requests are aborted 5 s before.',
  }),
  logLevel: oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent').default('info').register(settingNotes, {
    description: 'The least level that is logged.',
  }),
  logFormat: oneOf('json', 'pretty').optional().register(settingNotes, {
    description: '`pretty` is for people. When unset: pretty on a terminal in development, else JSON.',
  }),
  sentryDsn: httpUrl
    .regex(/\/\/[^/?#@]+@.*\/\w+$/, 'must hold a key and a project: https://key@host/1')
    .optional()
    .register(settingNotes, {
      description: 'Where errors are reported.',
      example: 'https://key@sentry.example.com/1',
      secret: true,
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

/** The validated settings of this process; frozen, and the same object from start to end. */
export type Settings = Readonly<z.output<typeof settingsSchema>>;

/** Injects {@link Settings}. */
export const SETTINGS = Symbol('SETTINGS');
