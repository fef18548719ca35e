import { Inject, Injectable, Logger } from '@nestjs/common';
import type { ConfigType } from '@nestjs/config';
import { settingsPart } from '../config/settings-part.js';
import { isObject, type Json, type JsonObject, leavesOf, mergePatch, names } from './merge-patch.js';
import type { RuntimeConfigStore, StoredOverrides } from './runtime-config-store.js';
import { InvalidOverrides, RuntimeSchema, type RuntimeSettings } from './runtime-settings.js';

export const runtimeConfig = settingsPart('runtimeConfig', 'appEnv', 'logLevel');

/** Somebody else has changed the configuration after the revision that the caller knows. */
export class StaleRevision extends Error {
  override readonly name = 'StaleRevision';

  constructor(readonly revision: number) {
    super(`the revision is ${revision} by now`);
  }
}

/** The configuration that can change at run time: defaults, and overrides for all instances. */
@Injectable()
export class RuntimeConfig {
  readonly #logger = new Logger(RuntimeConfig.name);
  readonly #schema: RuntimeSchema;
  readonly #listeners: Array<(values: RuntimeSettings) => void> = [];
  #store: RuntimeConfigStore | null = null;
  #stored: StoredOverrides | null = null;
  #values: RuntimeSettings;

  constructor(@Inject(runtimeConfig.KEY) settings: ConfigType<typeof runtimeConfig>) {
    this.#schema = new RuntimeSchema(settings);
    this.#values = this.#schema.parse({});
  }

  /** The effective values; defaults until the store has been read. Read them each time. */
  get values(): RuntimeSettings {
    return this.#values;
  }

  /** Null until the store has been read. */
  get stored(): StoredOverrides | null {
    return this.#stored;
  }

  /** Every key with its value, and whether it is the default or an override. */
  list(): Array<{ key: string; source: 'default' | 'runtime'; value: Json }> {
    const overridden = new Set(leavesOf(this.#stored?.overrides ?? {}).map(([key]) => key));
    return leavesOf(this.#values).map(([key, value]) => ({
      key,
      source: overridden.has(key) ? 'runtime' : 'default',
      value,
    }));
  }

  /** For code that cannot read them each time: calls the listener when the effective values may have changed. */
  onChange(listener: (values: RuntimeSettings) => void): void {
    this.#listeners.push(listener);
  }

  /** Call this once, before the first refresh. */
  connect(store: RuntimeConfigStore): void {
    this.#store = store;
    store.onChanged(() => void this.refresh());
  }

  /** Reads the store again. If that fails, the last values stay in effect. */
  async refresh(): Promise<void> {
    try {
      if (this.#store) this.#adopt(await this.#store.read());
    } catch (error) {
      this.#logger.debug({ msg: 'runtime configuration cannot be read; the last one counts', err: error });
    }
  }

  /**
   * Applies the whole patch or nothing, for all instances. Throws `StaleRevision` if the stored revision differs from
   * the given one, and `InvalidOverrides` if the result would not be valid.
   */
  async patch(patch: Json, revision: number | null): Promise<StoredOverrides> {
    if (!this.#store) throw new Error('no store of runtime configuration is connected');
    const changed = await this.#store.change((stored) => {
      if (revision !== null && revision !== stored.revision) throw new StaleRevision(stored.revision);
      return this.#patched(stored.overrides, patch);
    });
    this.#adopt(changed);
    return changed;
  }

  #patched(overrides: JsonObject, patch: Json): JsonObject {
    if (!isObject(patch)) throw new InvalidOverrides([{ path: [], detail: 'must be an object' }]);
    const merged = mergePatch(overrides, patch) as JsonObject;
    // Overrides that another version stored stay unchanged, and are no fault of this patch.
    const faults = this.#schema.faultsOf(merged).filter(({ path }) => names(patch, path));
    if (faults.length > 0) throw new InvalidOverrides(faults);
    return merged;
  }

  #adopt(stored: StoredOverrides): void {
    if (stored.revision === this.#stored?.revision) return;
    this.#stored = stored;
    this.#values = this.#schema.parseStored(stored.overrides);
    this.#logger.log({ msg: 'runtime configuration is in effect', revision: stored.revision });
    for (const listener of this.#listeners) listener(this.#values);
  }
}
