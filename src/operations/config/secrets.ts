import { isDeepStrictEqual } from 'node:util';
import { isSecret, type SettingKey, settingKeys } from './setting-names.js';
import type { Settings } from './settings.js';

/** Secrets, and what is rotated like one, that can change while the process runs; what uses another one has to be started anew. */
export const reloadableSecrets = [
  'opsToken',
  'unleashToken',
  'databaseUrl',
  'redisUrl',
  'otelExporterOtlpHeaders',
  'prometheusToken',
  'prometheusPassword',
  'prometheusCa',
  'sinks',
] as const;

const reloadable: ReadonlySet<SettingKey> = new Set(reloadableSecrets);

export type ReloadableSecret = (typeof reloadableSecrets)[number];

/** Secrets as they are now. `SETTINGS` keeps what they were at the start. */
export class Secrets {
  #current: Settings;
  readonly #listeners = new Map<ReloadableSecret, Array<() => void>>();

  constructor(settings: Settings) {
    this.#current = settings;
  }

  get<Key extends ReloadableSecret>(key: Key): Settings[Key] {
    return this.#current[key];
  }

  /** The listener is called after every change, and asks for the new value itself. */
  onChange(key: ReloadableSecret, listener: () => void): void {
    this.#listeners.set(key, [...(this.#listeners.get(key) ?? []), listener]);
  }

  /** Returns which have changed, and which of these count only after a restart. */
  replace(settings: Settings): { changed: SettingKey[]; late: SettingKey[] } {
    const before = this.#current;
    const changed = settingKeys.filter(
      (key) => (isSecret(key) || reloadable.has(key)) && !isDeepStrictEqual(settings[key], before[key]),
    );
    this.#current = settings;
    for (const key of reloadableSecrets.filter((each) => changed.includes(each)))
      for (const listener of this.#listeners.get(key) ?? []) listener();
    return { changed, late: changed.filter((key) => !reloadable.has(key)) };
  }
}
