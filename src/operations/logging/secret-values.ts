import type { Settings } from '../config/settings.js';
import { isSecret, settingKeys } from '../config/setting-names.js';
import type { Sink } from '../config/sink-list.js';
import { passwordOf } from '../config/url-password.js';

/** Shorter secrets also occur in harmless words. */
const LEAST_LENGTH = 8;

/** Secrets that must never be visible, in any text. */
export class SecretValues {
  #values: readonly string[] = [];

  constructor(settings: Settings) {
    this.add(settings);
  }

  /** Keeps the old secrets, because they may still be in use. */
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

/** The secret itself, and its password if it is a URL. For an error tracker, the key in the URL. */
function textsOf(secret: unknown): string[] {
  // For sinks: their names and kinds are no secrets.
  if (Array.isArray(secret))
    return (secret as Sink[]).flatMap(({ url, secret: key }) => textsOf(url).concat(key ?? ''));
  // For headers: the secret is the word after a scheme such as Bearer.
  if (typeof secret === 'object')
    return Object.values(secret ?? {}).flatMap((value: string) => [value].concat(value.split(' ')));
  if (typeof secret !== 'string') return [];
  const { protocol = '', username = '', password = '' } = URL.parse(secret) ?? {};
  const key = protocol.startsWith('http') ? username : '';
  return [secret, key, password, passwordOf(secret) ?? ''];
}
