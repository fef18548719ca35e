import { createHash } from 'node:crypto';
import { brokenRules } from './environment-rules.js';
import { InvalidSettings, type SettingFault } from './invalid-settings.js';
import { isSecret, type SettingKey, settingKeys, variableOf } from './setting-names.js';
import { gatherSettings, misspeltVariables, type RawSetting, type SettingSource } from './setting-sources.js';
import { type Settings, settingsSchema } from './settings.js';

/** The settings, with their sources and hash. */
export interface Configuration {
  readonly settings: Settings;
  readonly sources: Readonly<Record<SettingKey, SettingSource>>;
  /** A hash that is the same for instances with the same configuration. It does not include secrets. */
  readonly hash: string;
}

/** Injects {@link Configuration}. */
export const CONFIGURATION = Symbol('CONFIGURATION');

/**
 * Settings from `config/<APP_ENV>.env`, overridden by the environment.
 * Throws `InvalidSettings`, which names every fault at once and no secret.
 */
export function loadSettings(environment: NodeJS.ProcessEnv = process.env): Settings {
  return loadConfiguration(environment).settings;
}

export function loadConfiguration(environment: NodeJS.ProcessEnv = process.env): Configuration {
  const faults: SettingFault[] = [];
  const raw = gatherSettings(environment, faults);
  const values = Object.fromEntries(settingKeys.map((key) => [key, parse(key, raw[key], faults)]));
  faults.push(...brokenRules(values), ...misspeltVariables(environment));
  if (faults.length > 0) throw new InvalidSettings(raw.appEnv.text ?? 'development', faults);
  const sources = Object.fromEntries(settingKeys.map((key) => [key, raw[key].source]));
  return {
    settings: Object.freeze(values) as Settings,
    sources: Object.freeze(sources) as Configuration['sources'],
    hash: hashOf(values),
  };
}

function parse(key: SettingKey, raw: RawSetting, faults: SettingFault[]): unknown {
  const result = settingsSchema.shape[key].safeParse(raw.text);
  if (result.success) return Object.freeze(result.data);
  faults.push({ name: variableOf(key), problem: problemOf(key, raw, result.error.issues[0]?.message) });
  return undefined;
}

function problemOf(key: SettingKey, { text, source }: RawSetting, message = 'is not valid'): string {
  if (text === undefined) return `is missing; set it, or ${variableOf(key)}_FILE`;
  // Do not quote the value: the path may be that of another file, and a URL may contain a password.
  const isTelling = isSecret(key) || source === 'secret' || text.includes('@');
  return isTelling ? message : `${message}, not ${JSON.stringify(text)}`;
}

function hashOf(values: Record<string, unknown>): string {
  const shown = settingKeys.filter((key) => !isSecret(key)).map((key) => [key, values[key]]);
  return createHash('sha256').update(JSON.stringify(shown)).digest('hex').slice(0, 12);
}
