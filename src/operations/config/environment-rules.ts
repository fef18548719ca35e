import type { SettingFault } from './invalid-settings.js';
import type { SettingKey } from './setting-names.js';
import { variableOf } from './setting-names.js';
import type { Settings } from './settings.js';
import { passwordOf } from './url-password.js';

/** The settings that are valid. The others have a fault already. */
type KnownSettings = Partial<Settings>;

interface EnvironmentRule {
  environments: ReadonlyArray<Settings['appEnv']>;
  setting: SettingKey;
  /** The text of this rule in docs/configuration.md. */
  rule: string;
  /** The fault, as text that follows the setting's name, or nothing. */
  problemOf: (settings: KnownSettings) => string | false | undefined;
}

const everywhere = ['development', 'test', 'staging', 'production'] as const;
const deployed = ['staging', 'production'] as const;
const production = ['production'] as const;

export const rules: readonly EnvironmentRule[] = [
  {
    environments: everywhere,
    setting: 'opsPort',
    rule: 'differs from `PORT`',
    problemOf: ({ port, opsPort }) => Boolean(port) && opsPort === port && 'must differ from PORT',
  },
  {
    environments: everywhere,
    setting: 'unleashToken',
    rule: 'is given where `UNLEASH_URL` is',
    problemOf: ({ unleashUrl, unleashToken }) => unleashUrl && !unleashToken && 'is missing: UNLEASH_URL needs it',
  },
  {
    environments: everywhere,
    setting: 'prometheusToken',
    rule: 'is not given beside `PROMETHEUS_USER`',
    problemOf: ({ prometheusToken, prometheusUser }) =>
      prometheusToken && prometheusUser && 'must not be given beside PROMETHEUS_USER: only one can be sent',
  },
  {
    environments: everywhere,
    setting: 'prometheusPassword',
    rule: 'is given where `PROMETHEUS_USER` is',
    problemOf: ({ prometheusUser, prometheusPassword }) =>
      prometheusUser && !prometheusPassword && 'is missing: PROMETHEUS_USER needs it',
  },
  {
    environments: everywhere,
    setting: 'shutdownDeadlineMs',
    rule: 'is more than `SHUTDOWN_DELAY_MS`',
    problemOf: ({ shutdownDelayMs = 0, shutdownDeadlineMs = Infinity }) =>
      shutdownDeadlineMs <= shutdownDelayMs &&
      'must be more than SHUTDOWN_DELAY_MS: requests in flight finish between the two',
  },
  {
    environments: deployed,
    setting: 'redisUrl',
    rule: 'is given',
    problemOf: ({ redisUrl }) => !redisUrl && 'is missing: staging and production share a cache between instances',
  },
  {
    environments: deployed,
    setting: 'logLevel',
    rule: 'is `info` or above',
    problemOf: ({ logLevel = '' }) => ['trace', 'debug'].includes(logLevel) && 'must be info or above here',
  },
  {
    environments: deployed,
    setting: 'logFormat',
    rule: 'is `json`',
    problemOf: ({ logFormat }) => logFormat === 'pretty' && 'must be json here: pretty is for people, not for logs',
  },
  {
    environments: production,
    setting: 'databaseUrl',
    rule: 'has `sslmode` `require`, `verify-ca` or `verify-full`, unless the database is on this machine',
    problemOf: ({ databaseUrl }) =>
      databaseUrl &&
      isPlainTextOverNetwork(databaseUrl) &&
      'must have sslmode=require, verify-ca or verify-full: the database is on another machine',
  },
  {
    environments: production,
    setting: 'databaseUrl',
    rule: 'has a password, if any, of 12 characters or more that is not easily guessed',
    problemOf: ({ databaseUrl }) => databaseUrl && weaknessOf(passwordOf(databaseUrl), 12, 'has a password that'),
  },
  {
    environments: production,
    setting: 'redisUrl',
    rule: 'has a password, if any, of 12 characters or more that is not easily guessed',
    problemOf: ({ redisUrl }) => redisUrl && weaknessOf(passwordOf(redisUrl), 12, 'has a password that'),
  },
  {
    environments: deployed,
    setting: 'bootstrapAdminToken',
    rule: 'is `plm_` and 43 characters or more',
    problemOf: ({ bootstrapAdminToken: token }) =>
      token !== undefined &&
      !/^plm_[\w-]{43,}$/.test(token) &&
      'must be plm_ and 256 random bits: 43 characters or more',
  },
  ...(['opsToken', 'bootstrapAdminToken', 'unleashToken'] as const).map((setting) => ({
    environments: production,
    setting,
    rule: 'has 32 characters or more and is not easily guessed',
    problemOf: (settings: KnownSettings) => weaknessOf(settings[setting], 32),
  })),
];

/** The rules of their environment that the settings break. */
export function brokenRules(settings: KnownSettings): SettingFault[] {
  const { appEnv } = settings;
  return rules
    .filter(({ environments }) => appEnv !== undefined && environments.includes(appEnv))
    .flatMap(({ setting, problemOf }) => {
      const problem = problemOf(settings);
      return problem ? [{ name: variableOf(setting), problem }] : [];
    });
}

const localHosts = /^(|localhost|127(\.\d+){3}|\[::1\])$/;
const encryptedModes = new Set(['require', 'verify-ca', 'verify-full']);

function isPlainTextOverNetwork(databaseUrl: string): boolean {
  const { hostname, searchParams } = new URL(databaseUrl);
  // If a parameter is repeated, the last one counts.
  const host = searchParams.getAll('host').at(-1) ?? hostname;
  const isLocal = host.startsWith('/') || localHosts.test(host);
  return !isLocal && !encryptedModes.has(searchParams.getAll('sslmode').at(-1) ?? '');
}

const wellKnown =
  /^(postgres|password|secret|admin|root|plimsoll|test)\d*$|change.?me|insecure|example|default-?secret/i;

function weaknessOf(secret: string | undefined, leastLength: number, subject = ''): string | undefined {
  if (secret === undefined) return undefined;
  const weakness = wellKnown.test(secret)
    ? 'is a well-known default'
    : secret.length < leastLength
      ? `is shorter than ${leastLength} characters`
      : new Set(secret).size < 6
        ? 'repeats a few characters'
        : undefined;
  return weakness && `${subject} ${weakness}`.trim();
}
