import { isDeepStrictEqual } from 'node:util';
import { isSecret, type SettingKey, settingKeys } from './setting-names.js';
import type { Settings } from './settings.js';

/**
 * Secrets, and settings that are rotated with them, that can change while the process runs. All others need a restart.
 */
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

/** The current secrets. `SETTINGS` keeps those of the start. */
export class Secrets {
  #current: Settings;
  readonly #listeners = new Map<ReloadableSecret, Array<() => void>>();

  constructor(settings: Settings) {
    this.#current = settings;
  }

  get<Key extends ReloadableSecret>(key: Key): Settings[Key] {
    return this.#current[key];
  }

  /** Calls the listener after every change. The listener reads the new value itself. */
  onChange(key: ReloadableSecret, listener: () => void): void {
    this.#listeners.set(key, [...(this.#listeners.get(key) ?? []), listener]);
  }

  /** Returns the changed secrets, and those of them that take effect only after a restart. */
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
