import { loadSettings } from '../config/load-settings.js';
import { SecretValues } from './secret-values.js';

const given = {
  APP_ENV: 'test',
  DATABASE_URL: 'postgres://app:s3cr%2Ft-word@db/plimsoll',
  OPS_TOKEN: 'say "friend" & enter',
  SENTRY_DSN: 'https://key-of-a-tracker@sentry.example.com/1',
  OTEL_EXPORTER_OTLP_HEADERS: 'tenant=a,authorization=Bearer%20word-for-a-collector',
};

describe('secret values', () => {
  const secrets = new SecretValues(loadSettings(given));

  test.each([
    ['as they are', given.OPS_TOKEN],
    ['in JSON', JSON.stringify(given.OPS_TOKEN)],
    ['in a URL', encodeURIComponent(given.OPS_TOKEN)],
    ['as a whole URL', given.DATABASE_URL],
    ['as the password of a URL', 's3cr%2Ft-word'],
    ['as that password decoded', 's3cr/t-word'],
    ['as the whole header of a collector', 'Bearer word-for-a-collector'],
    ['as the word after its scheme', 'word-for-a-collector'],
    ['as the key of an error tracker', 'key-of-a-tracker'],
  ])('are not seen %s', (_, text) => {
    const redacted = secrets.redact(`connecting with ${text} failed`);

    expect(redacted).toMatch(/^connecting with "?\[redacted\]"? failed$/);
  });

  test('leave other text alone', () => {
    expect(secrets.redact('app is on db')).toBe('app is on db');
  });

  test('that are a common word are not looked for', () => {
    const short = new SecretValues(loadSettings({ ...given, DATABASE_URL: 'postgres://app:app@db/plimsoll' }));

    expect(short.redact('app is on db')).toBe('app is on db');
  });
});
