import { Inject, Injectable, Logger } from '@nestjs/common';
import type { ConfigType } from '@nestjs/config';
import { settingsPart } from '../config/settings-part.js';
import { isObject, type Json, type JsonObject, leavesOf, mergePatch, names } from './merge-patch.js';
import type { RuntimeConfigStore, StoredOverrides } from './runtime-config-store.js';
import { InvalidOverrides, RuntimeSchema, type RuntimeSettings } from './runtime-settings.js';

export const runtimeConfig = settingsPart('runtimeConfig', 'appEnv', 'logLevel');

/** Somebody else has changed the configuration since the revision that the caller knows. */
export class StaleRevision extends Error {
  override readonly name = 'StaleRevision';

  constructor(readonly revision: number) {
    super(`the revision is ${revision} by now`);
  }
}

/** What is configured while the service runs: defaults, and what somebody has overridden for all instances. */
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

  /** The values that count now; defaults until the store has been read. Ask again each time. */
  get values(): RuntimeSettings {
    return this.#values;
  }

  /** Null until the store has been read. */
  get stored(): StoredOverrides | null {
    return this.#stored;
  }

  /** Every key with its value, and whether that is the default or was overridden. */
  list(): Array<{ key: string; source: 'default' | 'runtime'; value: Json }> {
    const overridden = new Set(leavesOf(this.#stored?.overrides ?? {}).map(([key]) => key));
    return leavesOf(this.#values).map(([key, value]) => ({
      key,
      source: overridden.has(key) ? 'runtime' : 'default',
      value,
    }));
  }

  /** For whoever cannot ask each time: is called whenever other values may count. */
  onChange(listener: (values: RuntimeSettings) => void): void {
    this.#listeners.push(listener);
  }

  /** To be called once, before the first refresh. */
  connect(store: RuntimeConfigStore): void {
    this.#store = store;
    store.onChanged(() => void this.refresh());
  }

  /** Reads the store again. While it cannot be read the last values count. */
  async refresh(): Promise<void> {
    try {
      if (this.#store) this.#adopt(await this.#store.read());
    } catch (error) {
      this.#logger.debug({ msg: 'runtime configuration cannot be read; the last one counts', err: error });
    }
  }

  /**
   * Changes all that the patch names or nothing, for all instances. Throws `StaleRevision` if another revision than the
   * one given is stored, `InvalidOverrides` if what it names would not be valid.
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
    // What another version has stored stays as it is: whoever changes something else is not to blame for it.
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
