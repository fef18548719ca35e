import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidSettings } from './invalid-settings.js';
import { loadConfiguration, loadSettings } from './load-settings.js';

const databaseUrl = 'postgres://plimsoll@127.0.0.1:5432/plimsoll';
const enough = { APP_ENV: 'test', DATABASE_URL: databaseUrl };

function faultsOf(environment: NodeJS.ProcessEnv): string[] {
  try {
    loadSettings(environment);
  } catch (error) {
    if (error instanceof InvalidSettings) return error.faults.map(({ name, problem }) => `${name} ${problem}`);
    throw error;
  }
  return [];
}

function hashOf(changes: NodeJS.ProcessEnv): string {
  return loadConfiguration({ ...enough, ...changes }).hash;
}

/** Of an authority that nobody trusts. */
const CERTIFICATE = [
  'MIIBaDCCAQ2gAwIBAgIBATAKBggqhkjOPQQDAjAiMSAwHgYDVQQDDBdQbGltc29s',
  'bCB0ZXN0IGF1dGhvcml0eTAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAwMDAw',
  'MFowIjEgMB4GA1UEAwwXUGxpbXNvbGwgdGVzdCBhdXRob3JpdHkwWTATBgcqhkjO',
  'PQIBBggqhkjOPQMBBwNCAAQdbE+6tGlRBTYtGOpBzgZrtBJEbXPaH6kzsuw0rdc+',
  'r3g2NB3WtLSQOXO4bUBjA7duXOyk74k9FLbxwuEfo9ZqozIwMDAPBgNVHRMBAf8E',
  'BTADAQH/MB0GA1UdDgQWBBRx0sBhIFB7aQF2Dav0Gi7AxR2uVDAKBggqhkjOPQQD',
  'AgNJADBGAiEAn2IH9teX9xkiE0RMVgCY5THbm9GoKHb9/vM3lcxtM1UCIQDOVtRx',
  'ThKgXL15i0NwqwiqaRCM8rHJ5HlhX+d7kTtnRg==',
];

describe('loading the settings', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-settings-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  function secretFile(name: string, text: string): string {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  }

  test('gives every setting its type', () => {
    const settings = loadSettings({ ...enough, PORT: '8080', PROBE_ALLOW: ' 10.0.0.0/8, app.example.com,' });

    expect(settings).toMatchObject({ appEnv: 'test', port: 8080, opsPort: 9464, shutdownDelayMs: 5000 });
    expect(settings.probeAllow).toEqual(['10.0.0.0/8', 'app.example.com']);
    expect(settings.redisUrl).toBeUndefined();
  });

  test('freezes them', () => {
    const settings = loadSettings(enough);

    expect(() => Object.assign(settings, { port: 1 })).toThrow(TypeError);
    expect(() => settings.probeAllow.push('0.0.0.0/0')).toThrow(TypeError);
  });

  test('knows where each came from', () => {
    const { sources, settings } = loadConfiguration({
      APP_ENV: 'test',
      PORT: '8080',
      DATABASE_URL_FILE: secretFile('database-url', `${databaseUrl}\n`),
    });

    expect(settings.databaseUrl).toBe(databaseUrl);
    expect(sources).toMatchObject({
      port: 'environment',
      databaseUrl: 'secret',
      probeAllow: 'file',
      opsPort: 'default',
    });
  });

  test('lets the environment override the file of the environment', () => {
    expect(loadSettings(enough).probeAllow).toContain('localhost');
    expect(loadSettings({ ...enough, PROBE_ALLOW: '10.0.0.1' }).probeAllow).toEqual(['10.0.0.1']);
  });

  test('takes an empty value as none, for compose files cannot leave a variable out', () => {
    expect(loadSettings({ ...enough, REDIS_URL: '', PORT: '' })).toMatchObject({ port: 3000 });
  });

  test('reports everything that is wrong at once', () => {
    const faults = faultsOf({ APP_ENV: 'test', PORT: '80 80', LOG_LEVEL: 'verbose', DATABSE_URL: databaseUrl });

    expect(faults).toEqual([
      'PORT must be a whole number from 0 to 65535, not "80 80"',
      'DATABASE_URL is missing; set it, or DATABASE_URL_FILE',
      'LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent, not "verbose"',
      'DATABSE_URL is not a setting; did you mean DATABASE_URL?',
    ]);
  });

  test('does not echo a secret that is wrong', () => {
    const faults = faultsOf({ APP_ENV: 'test', DATABASE_URL: 'mysql://root:canary@db/plimsoll' });

    expect(faults).toEqual(['DATABASE_URL must be a URL such as postgres://user@host:5432/plimsoll']);
  });

  test.each<[string, NodeJS.ProcessEnv, string]>([
    ['an environment that there is not', { ...enough, APP_ENV: 'prod' }, 'APP_ENV must be one of development, test'],
    [
      'a name of the program that it does not know',
      { ...enough, PLIMSOLL_MODE: 'fast' },
      'PLIMSOLL_MODE is not a setting',
    ],
    ['a value that is given twice', { ...enough, PORT: '1', PORT_FILE: '/dev/null' }, 'PORT is given twice'],
    [
      'a file that is not there',
      { ...enough, OPS_TOKEN_FILE: '/nowhere' },
      'OPS_TOKEN_FILE cannot be read (ENOENT): /nowhere',
    ],
    ['a file that is empty', { ...enough, OPS_TOKEN_FILE: '/dev/null' }, 'OPS_TOKEN_FILE points to an empty file'],
    [
      'a password that no URL can have',
      { ...enough, DATABASE_URL: 'postgres://u:100%@db/p' },
      'DATABASE_URL must have each % of its password written as %25',
    ],
    [
      'a secret where the path of its file belongs, without echoing it',
      { ...enough, OPS_TOKEN_FILE: 'canary-token' },
      'OPS_TOKEN_FILE cannot be read (ENOENT): it is not an absolute path',
    ],
    ['a number that is too large', { ...enough, PORT: '65536' }, 'PORT must be a whole number'],
    ['a number with a fraction', { ...enough, PORT: '80.5' }, 'PORT must be a whole number'],
    [
      'a Unleash without its /api',
      { ...enough, UNLEASH_URL: 'http://u', UNLEASH_TOKEN: 't' },
      'UNLEASH_URL must end with /api',
    ],
  ])('refuses %s', (_, environment, fault) => {
    expect(faultsOf(environment)).toContainEqual(expect.stringContaining(fault));
  });

  test('takes what Kubernetes says of the Service of its name for no setting', () => {
    const serviceLinks = {
      PLIMSOLL_SERVICE_HOST: '10.96.0.1',
      PLIMSOLL_SERVICE_PORT: '3000',
      PLIMSOLL_SERVICE_PORT_HTTP: '3000',
      PLIMSOLL_PORT: 'tcp://10.96.0.1:3000',
      PLIMSOLL_PORT_3000_TCP: 'tcp://10.96.0.1:3000',
      PLIMSOLL_PORT_3000_TCP_PROTO: 'tcp',
      PLIMSOLL_PORT_3000_TCP_PORT: '3000',
      PLIMSOLL_PORT_3000_TCP_ADDR: '10.96.0.1',
      OPSS_PORT: 'tcp://10.96.0.2:80',
    };

    expect(faultsOf({ ...enough, ...serviceLinks })).toEqual([]);
    expect(faultsOf({ ...enough, PLIMSOLL_PORT: '3000' })).toEqual([
      'PLIMSOLL_PORT is not a setting; did you mean PORT?',
    ]);
  });

  test('takes what clients of the API are told for no setting', () => {
    const ofClients = { PLIMSOLL_URL: 'https://plimsoll.example.com', PLIMSOLL_TOKEN: 'plm_…' };

    expect(faultsOf({ ...enough, ...ofClients })).toEqual([]);
  });

  test('takes development to have nobody who must notice first that it stops', () => {
    expect(loadSettings({ ...enough, APP_ENV: 'development' }).shutdownDelayMs).toBe(0);
  });

  test.each([
    ['has one line', 'a-token'],
    ['ends with a line end', 'a-token\n'],
    ['ends as on Windows', 'a-token\r\n'],
  ])('reads a secret from a file that %s', (_, text) => {
    expect(loadSettings({ ...enough, OPS_TOKEN_FILE: secretFile('ops-token', text) }).opsToken).toBe('a-token');
  });

  test.each([
    ['is blank', ' \n', 'points to an empty file'],
    ['has two lines', 'canary\ncanary\n', 'points to a file that holds more than one line of text'],
    ['is no text', 'canary\0canary', 'points to a file that holds more than one line of text'],
    ['is large', 'canary'.repeat(20_000), 'points to a file of more than 64 KiB'],
  ])('refuses a secret from a file that %s', (_, text, problem) => {
    const path = secretFile('ops-token', text);

    expect(faultsOf({ ...enough, OPS_TOKEN_FILE: path })).toEqual([`OPS_TOKEN_FILE ${problem}: ${path}`]);
  });

  test.each([
    ['SINKS', 'sinks', '[\n  { "name": "chat", "kind": "slack", "url": "https://chat.example.com/" }\n]\n'],
    ['OIDC_ISSUERS', 'oidcIssuers', '[\n]\n'],
  ] as const)('reads %s, which is JSON for people, from a file with lines', (name, key, text) => {
    const settings = loadSettings({ ...enough, [`${name}_FILE`]: secretFile(name, text) });
    expect(settings[key]).toEqual(JSON.parse(text));
  });

  test('reads a certificate, which has lines, from a file, and refuses what is none', () => {
    const pem = `-----BEGIN CERTIFICATE-----\n${CERTIFICATE.join('\n')}\n-----END CERTIFICATE-----`;

    expect(loadSettings({ ...enough, PROMETHEUS_CA_FILE: secretFile('ca', `${pem}\n`) }).prometheusCa).toBe(pem);
    expect(faultsOf({ ...enough, PROMETHEUS_CA_FILE: secretFile('ca', 'a\nb') })).toEqual([
      'PROMETHEUS_CA must be a certificate in PEM',
    ]);
  });

  test.each([
    ['a folder in place of a file', { OPS_TOKEN_FILE: tmpdir() }, 'OPS_TOKEN_FILE cannot be read (EISDIR)'],
    ['a file without an end', { OPS_TOKEN_FILE: '/dev/zero' }, 'OPS_TOKEN_FILE points to a file of more than 64 KiB'],
    ['a URL that would show its password', { PROMETHEUS_URL: 'http://u:canary@p' }, 'PROMETHEUS_URL must hold no user'],
    [
      'a token that no header holds',
      { PROMETHEUS_TOKEN: 'canary canary' },
      'PROMETHEUS_TOKEN must be one word of ASCII',
    ],
    ['a wrong URL, without its password', { UNLEASH_URL: 'ftp://u:canary@p' }, 'UNLEASH_URL must be a URL such as'],
    ['an error tracker without a project', { SENTRY_DSN: 'https://canary@host' }, 'SENTRY_DSN must hold a key'],
  ])('refuses %s', (_, changes, fault) => {
    const faults = faultsOf({ ...enough, ...changes });

    expect(faults[0]).toContain(fault);
    expect(faults.join()).not.toContain('canary');
  });

  test('does not echo what a file holds: it may be the wrong one', () => {
    const faults = faultsOf({ ...enough, PORT_FILE: secretFile('port', 'canary') });

    expect(faults).toEqual(['PORT must be a whole number from 0 to 65535']);
  });

  test('judges an environment that is named in a file by its rules', () => {
    const faults = faultsOf({ APP_ENV_FILE: secretFile('app-env', 'staging\n'), DATABASE_URL: databaseUrl });

    expect(faults).toEqual([expect.stringContaining('REDIS_URL is missing')]);
  });

  test('has one hash for settings that are alike, which no secret goes into', () => {
    expect(hashOf({ OPS_TOKEN: 'one' })).toBe(hashOf({ OPS_TOKEN: 'another' }));
    expect(hashOf({ PORT: '1' })).not.toBe(hashOf({ PORT: '2' }));
  });

  test('copies nothing into the environment of the process', () => {
    loadSettings(enough);

    expect(process.env['DATABASE_URL']).not.toBe(databaseUrl);
  });
});
