import type { SettingKey } from './setting-names.js';
import type { Settings } from './settings.js';

/** The settings of one module: what `registerAs` of @nestjs/config makes, with its `KEY`, and for its `ConfigType`. */
export interface SettingsPart<Key extends SettingKey = never> {
  (settings: Settings): Readonly<Pick<Settings, Key>>;
  readonly KEY: string;
}

/**
 * Declares what a module needs to know, beside the module: `const databaseConfig = settingsPart('database',
 * 'databaseUrl')`. Its module imports `ConfigModule.forFeature(databaseConfig)`, its providers have
 * `@Inject(databaseConfig.KEY) config: ConfigType<typeof databaseConfig>`. Unlike `registerAs` it reads no environment:
 * the settings were validated as a whole before Nest was loaded.
 */
export function settingsPart<const Key extends SettingKey>(name: string, ...keys: readonly Key[]): SettingsPart<Key> {
  const pick = (settings: Settings) =>
    Object.freeze(Object.fromEntries(keys.map((key) => [key, settings[key]]))) as Readonly<Pick<Settings, Key>>;
  // Nest's own token, without loading @nestjs/config for it: that would take a tenth of the start.
  return Object.assign(pick, { KEY: `CONFIGURATION(${name})` });
}
