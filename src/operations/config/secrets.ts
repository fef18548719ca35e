import type { Settings } from './settings.js';

/** Secrets that can change while the process runs; what uses another one has to be started anew. */
export const reloadableSecrets = ['opsToken', 'unleashToken', 'databaseUrl'] as const;

export type ReloadableSecret = (typeof reloadableSecrets)[number];

type SecretSettings = Pick<Settings, ReloadableSecret>;

/** Secrets as they are now. `SETTINGS` keeps what they were at the start. */
export class Secrets {
  #current: SecretSettings;
  readonly #listeners = new Map<ReloadableSecret, Array<() => void>>();

  constructor(settings: Settings) {
    this.#current = settings;
  }

  get<Key extends ReloadableSecret>(key: Key): SecretSettings[Key] {
    return this.#current[key];
  }

  /** The listener is called after every change, and asks for the new value itself. */
  onChange(key: ReloadableSecret, listener: () => void): void {
    this.#listeners.set(key, [...(this.#listeners.get(key) ?? []), listener]);
  }

  /** Returns which have changed. */
  replace(settings: Settings): ReloadableSecret[] {
    const changed = reloadableSecrets.filter((key) => settings[key] !== this.#current[key]);
    this.#current = settings;
    for (const key of changed) for (const listener of this.#listeners.get(key) ?? []) listener();
    return changed;
  }
}
