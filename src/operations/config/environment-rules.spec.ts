import { brokenRules } from './environment-rules.js';
import type { Settings } from './settings.js';

const strong = 'f3a91c07d2b84e65a0c1d9e8b7f64253';
const sound: Partial<Settings> = {
  databaseUrl: `postgres://plimsoll:${strong}@db.example.com/plimsoll?sslmode=verify-full`,
  redisUrl: `rediss://:${strong}@redis.example.com`,
  logLevel: 'info',
  opsToken: strong,
};

/** `DATABASE_URL has a password that is a well-known default` */
function faultsOf(appEnv: Settings['appEnv'], changes: Partial<Settings>): string[] {
  return brokenRules({ ...sound, appEnv, ...changes }).map(({ name, problem }) => `${name} ${problem}`);
}

function database(rest: string): Partial<Settings> {
  return { databaseUrl: `postgres://plimsoll:${strong}@${rest}` };
}

describe('the rules of an environment', () => {
  test.each(['development', 'test', 'staging', 'production'] as const)('%s accepts sound settings', (appEnv) => {
    expect(faultsOf(appEnv, {})).toEqual([]);
  });

  test.each<[string, Partial<Settings>, RegExp]>([
    [
      'a database on another machine in plain text',
      database('db.example.com/plimsoll'),
      /^DATABASE_URL must have sslmode/,
    ],
    [
      'TLS that is switched off',
      database('db.example.com/plimsoll?sslmode=disable'),
      /^DATABASE_URL must have sslmode/,
    ],
    ['TLS that is optional', database('db.example.com/plimsoll?sslmode=prefer'), /^DATABASE_URL must have sslmode/],
    [
      'TLS that is taken back',
      database('db.example.com/plimsoll?sslmode=require&sslmode=disable'),
      /^DATABASE_URL must have sslmode/,
    ],
    [
      'a default password in a parameter',
      { databaseUrl: 'postgres://u@localhost/p?password=postgres' },
      /password that is a well-known default/,
    ],
    [
      'a default password',
      { databaseUrl: 'postgres://u:postgres@localhost/p' },
      /password that is a well-known default/,
    ],
    ['a short password', { databaseUrl: 'postgres://u:kD83_x@localhost/p' }, /password that is shorter than 12/],
    ['a short token', { opsToken: 'kD83_xR2' }, /^OPS_TOKEN is shorter than 32/],
    [
      'a token that is none of ours',
      { bootstrapAdminToken: 'a-long-and-secret-admin-token-0123456789abcdef' },
      /^BOOTSTRAP_ADMIN_TOKEN must be plm_/,
    ],
    ['a token of one letter', { bootstrapAdminToken: `plm_${'a'.repeat(43)}` }, /^BOOTSTRAP_ADMIN_TOKEN repeats/],
    ['a token to be changed', { opsToken: `${strong}-change-me` }, /^OPS_TOKEN is a well-known default/],
    [
      "Unleash's insecure token",
      { unleashToken: 'default:development.unleash-insecure-api-token' },
      /^UNLEASH_TOKEN is/,
    ],
    ['no Redis', { redisUrl: undefined }, /^REDIS_URL is missing/],
    ['debug lines', { logLevel: 'debug' }, /^LOG_LEVEL must be info or above/],
    ['pretty lines', { logFormat: 'pretty' }, /^LOG_FORMAT must be json/],
  ])('production refuses %s, development does not', (_, changes, fault) => {
    expect(faultsOf('production', changes)).toEqual([expect.stringMatching(fault)]);
    expect(faultsOf('development', changes)).toEqual([]);
  });

  test.each([
    'postgres://plimsoll@localhost/p',
    'postgres://plimsoll@127.0.0.1:5432/p',
    'postgres://plimsoll@[::1]/p',
    'postgres:///p?host=/var/run/postgresql',
  ])('production accepts plain text to %s, which leaves no machine', (databaseUrl) => {
    expect(faultsOf('production', { databaseUrl })).toEqual([]);
  });

  test('staging wants Redis and no debug lines, but may have test passwords', () => {
    const changes: Partial<Settings> = { redisUrl: undefined, logLevel: 'trace', opsToken: 'short' };

    expect(faultsOf('staging', changes)).toEqual([
      expect.stringMatching(/^REDIS_URL/),
      expect.stringMatching(/^LOG_LEVEL/),
    ]);
  });

  test.each<[Partial<Settings>, RegExp]>([
    [{ port: 9464, opsPort: 9464 }, /^OPS_PORT must differ from PORT/],
    [{ unleashUrl: 'https://flags.example.com/api' }, /^UNLEASH_TOKEN is missing/],
    [
      { prometheusToken: 'a-token', prometheusUser: 'plimsoll', prometheusPassword: 'a-password' },
      /^PROMETHEUS_TOKEN must not be given beside PROMETHEUS_USER/,
    ],
    [{ prometheusUser: 'plimsoll' }, /^PROMETHEUS_PASSWORD is missing/],
    [{ shutdownDelayMs: 5000, shutdownDeadlineMs: 5000 }, /^SHUTDOWN_DEADLINE_MS must be more/],
  ])('nowhere goes %j', (changes, fault) => {
    expect(faultsOf('development', changes)).toEqual([expect.stringMatching(fault)]);
  });

  test('several instances may listen on any free port', () => {
    expect(faultsOf('test', { port: 0, opsPort: 0 })).toEqual([]);
  });

  test('no fault shows a secret', () => {
    const faults = faultsOf('production', { opsToken: 'canary-1', databaseUrl: 'postgres://u:canary-2@db/p' });

    expect(faults).toHaveLength(3);
    expect(faults.join()).not.toContain('canary');
  });
});
