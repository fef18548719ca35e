import { randomBytes } from 'node:crypto';
import { isSecret, type SettingKey, settingKeys, variableOf } from '../../src/operations/config/setting-names.js';

/** Where a secret is no token by itself: how it stands in its setting. */
const shapes: Partial<Record<SettingKey, (canary: string, places: CanaryPlaces) => string>> = {
  databaseUrl: (canary, { database }) => withPassword(database, canary),
  redisUrl: (canary, { redis }) => withPassword(redis, canary),
  otelExporterOtlpHeaders: (canary) => `authorization=Bearer%20${canary}`,
  // Whoever knows the URL of a chat may write there.
  sinks: (canary) =>
    JSON.stringify([
      { name: 'tools', kind: 'cdevents', url: 'http://127.0.0.1:1/events', secret: canary },
      { name: 'chat', kind: 'slack', url: `http://127.0.0.1:1/hooks/${canary}` },
    ]),
  sentryDsn: (canary, { sentry }) => sentry.replace('://', `://${canary}@`),
};

/** What URLs with a secret in them lead to. */
export interface CanaryPlaces {
  readonly database: string;
  readonly redis: string;
  readonly sentry: string;
}

function withPassword(url: string, password: string): string {
  const full = new URL(url);
  // What has to be written differently in a URL may be shown as it is there, or as it is.
  full.password = encodeURIComponent(`${password}/+%`);
  return full.href;
}

/** A secret of its own in every setting that the schema calls one, and a search for them, however they are written. */
export class Canaries {
  /** By variable, as they are set. */
  readonly settings: Readonly<Record<string, string>>;
  readonly #needles: ReadonlyArray<{ variable: string; needle: string }>;

  constructor(places: CanaryPlaces) {
    const planted = settingKeys.filter(isSecret).map((key) => {
      // Hexadecimal is the same in plain text, in JSON, and encoded for a URL.
      const canary = `plm_${randomBytes(24).toString('hex')}`;
      return { variable: variableOf(key), canary, value: shapes[key]?.(canary, places) ?? canary };
    });
    this.settings = Object.fromEntries(planted.map(({ variable, value }) => [variable, value]));
    this.#needles = planted.flatMap(({ variable, canary }) =>
      [canary, ...inBase64(canary)].map((needle) => ({ variable, needle })),
    );
  }

  /** The variables whose secret is to be seen, with the place where it is. */
  foundIn(places: Readonly<Record<string, string>>): string[] {
    return Object.entries(places).flatMap(([place, text]) => {
      const found = this.#needles.filter(({ needle }) => text.includes(needle)).map(({ variable }) => variable);
      return [...new Set(found)].map((variable) => `${variable} in ${place}`);
    });
  }
}

/** What is to be found of a text in Base64, wherever in the encoded bytes it begins. */
function inBase64(text: string): string[] {
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.from('x'.repeat(offset) + text).toString('base64');
    // The first and last letters hold bits of what stands beside the text.
    return encoded.slice(Math.ceil((offset * 8) / 6), -4);
  });
}
