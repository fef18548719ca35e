import { Writable } from 'node:stream';
import { pino } from 'pino';
import { SecretValues } from '../logging/secret-values.js';
import { loadConfiguration } from './load-settings.js';
import { reloadSecrets } from './secret-reload.js';
import { Secrets } from './secrets.js';

const first = {
  APP_ENV: 'test',
  DATABASE_URL: 'postgres://app:first-password@db/p',
  OPS_TOKEN: 'first-ops-token',
  OTEL_EXPORTER_OTLP_HEADERS: 'authorization=first-collector-word',
};

function running() {
  const { settings } = loadConfiguration(first);
  const lines: string[] = [];
  const stream = new Writable({ write: (chunk, _encoding, done) => done(void lines.push(String(chunk))) });
  const reloading = { secrets: new Secrets(settings), secretValues: new SecretValues(settings), logger: pino(stream) };
  const reload = (environment: NodeJS.ProcessEnv) => reloadSecrets(reloading, () => loadConfiguration(environment));
  return { ...reloading, settings, lines, reload };
}

describe('secrets that change while the process runs', () => {
  test('are told to whoever uses them, and only what has changed', () => {
    const { secrets, reload } = running();
    const told: string[] = [];
    secrets.onChange('opsToken', () => told.push(`opsToken ${secrets.get('opsToken')}`));
    secrets.onChange('databaseUrl', () => told.push('databaseUrl'));
    secrets.onChange('otelExporterOtlpHeaders', () => told.push('otelExporterOtlpHeaders'));
    reload({ ...first, OPS_TOKEN: 'second-ops-token' });
    reload({ ...first, OPS_TOKEN: 'second-ops-token' });

    expect(told).toEqual(['opsToken second-ops-token']);
  });

  test('leave the settings of the start as they were', () => {
    const { settings, reload } = running();
    reload({ ...first, OPS_TOKEN: 'second-ops-token', PORT: '1' });

    expect(settings).toMatchObject({ opsToken: 'first-ops-token', port: 3000 });
  });

  test('are not taken over when any setting is wrong', () => {
    const { secrets, reload, lines } = running();
    reload({ ...first, OPS_TOKEN: 'second-ops-token', PORT: 'http' });

    expect(secrets.get('opsToken')).toBe('first-ops-token');
    expect(lines.join()).toContain('must be a whole number');
  });

  test('are warned of, once, where they count only after a restart', () => {
    const { reload, lines } = running();
    const changed = { ...first, OPS_TOKEN: 'second-ops-token', SENTRY_DSN: 'https://key@sentry.example/1' };
    reload(changed);
    reload(changed);

    const warnings = lines.filter((line) => line.includes('restart'));
    expect(warnings).toEqual([expect.stringContaining('"secrets":["SENTRY_DSN"]')]);
  });

  test('are redacted, the old ones and the new ones', () => {
    const { secretValues, reload, lines } = running();
    reload({ ...first, OPS_TOKEN: 'second-ops-token' });

    expect(secretValues.redact('first-ops-token second-ops-token')).toBe('[redacted] [redacted]');
    expect(lines.join()).toContain('"changed":["OPS_TOKEN"]');
    expect(lines.join()).not.toContain('second-ops-token');
  });
});
