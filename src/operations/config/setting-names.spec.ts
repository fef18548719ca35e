import { isKnownVariable, isSecret, nearMissOf, settingKeys, variableOf } from './setting-names.js';

describe('names of settings', () => {
  test.each([
    ['databaseUrl', 'DATABASE_URL'],
    ['port', 'PORT'],
    ['shutdownDeadlineMs', 'SHUTDOWN_DEADLINE_MS'],
  ] as const)('%s is set by %s', (key, variable) => {
    expect(variableOf(key)).toBe(variable);
    expect(isKnownVariable(`${variable}_FILE`)).toBe(true);
  });

  test('what can hold a password or a token is a secret', () => {
    const secrets = settingKeys.filter(isSecret);

    expect(secrets).toEqual([
      'opsToken',
      'databaseUrl',
      'redisUrl',
      'unleashToken',
      'prometheusToken',
      'prometheusPassword',
      'bootstrapAdminToken',
      'sinks',
      'sentryDsn',
      'otelExporterOtlpHeaders',
    ]);
  });

  test.each([
    ['DATABSE_URL', 'DATABASE_URL'],
    ['DATABASE_URI', 'DATABASE_URL'],
    ['DATABASEURL', 'DATABASE_URL'],
    ['database_url', 'DATABASE_URL'],
    ['PLIMSOLL_DATABASE_URL', 'DATABASE_URL'],
    ['PLIMSOLL_PORT', 'PORT'],
    ['LOG_LEVL', 'LOG_LEVEL'],
    ['SENTRY_DNS', 'SENTRY_DSN'],
    ['OPS_TOKEN_FLIE', 'OPS_TOKEN_FILE'],
    ['SHUTDOWN_DELAY', 'SHUTDOWN_DELAY_MS'],
  ])('%s is most likely meant as %s', (variable, meant) => {
    expect(nearMissOf(variable)).toBe(meant);
  });

  const innocent =
    'PATH HOME HOSTNAME HOSTTYPE LOGNAME NODE_ENV NODE_OPTIONS npm_config_cache SUPPORT SORT POST PGHOST';
  const alsoInnocent = 'PGPORT DATABASE_NAME REDIS_HOST LANG TEST_DATABASE_URL TEST_REDIS_URL USER TMPDIR CI TERM';
  test.each(`${innocent} ${alsoInnocent}`.split(' '))('%s is an innocent name', (variable) => {
    expect(nearMissOf(variable)).toBeUndefined();
  });
});
