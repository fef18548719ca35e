import type { Settings } from '../config/settings.js';
import { isSecret, settingKeys } from '../config/setting-names.js';
import type { Sink } from '../config/sink-list.js';
import { passwordOf } from '../config/url-password.js';

/** Shorter ones would be found in innocent words. */
const LEAST_LENGTH = 8;

/** Secrets that must never be seen, wherever they turn up. */
export class SecretValues {
  #values: readonly string[] = [];

  constructor(settings: Settings) {
    this.add(settings);
  }

  /** Those of before stay: somebody may still use them. */
  add(settings: Settings): void {
    const texts = settingKeys.filter(isSecret).flatMap((key) => textsOf(settings[key]));
    const spellings = texts.flatMap((text) => [text, JSON.stringify(text).slice(1, -1), encodeURIComponent(text)]);
    this.#values = [...new Set([...this.#values, ...spellings])]
      .filter((text) => text.length >= LEAST_LENGTH)
      .sort((a, b) => b.length - a.length);
  }

  redact(text: string): string {
    let redacted = text;
    for (const value of this.#values) if (redacted.includes(value)) redacted = redacted.replaceAll(value, '[redacted]');
    return redacted;
  }
}

/** The secret itself, and the password in it if it is a URL; of an error tracker's it is what stands in its place. */
function textsOf(secret: unknown): string[] {
  // Sinks: their names and kinds are innocent words.
  if (Array.isArray(secret))
    return (secret as Sink[]).flatMap(({ url, secret: key }) => textsOf(url).concat(key ?? ''));
  // Headers; the word after a scheme such as Bearer is the secret.
  if (typeof secret === 'object')
    return Object.values(secret ?? {}).flatMap((value: string) => [value].concat(value.split(' ')));
  if (typeof secret !== 'string') return [];
  const { protocol = '', username = '', password = '' } = URL.parse(secret) ?? {};
  const key = protocol.startsWith('http') ? username : '';
  return [secret, key, password, passwordOf(secret) ?? ''];
}
