import { watchFile } from 'node:fs';
import type { Logger } from 'pino';
import type { SecretValues } from '../logging/secret-values.js';
import { InvalidSettings } from './invalid-settings.js';
import { type Configuration, loadConfiguration } from './load-settings.js';
import { reloadableSecrets, type Secrets } from './secrets.js';
import { isSecret, settingKeys, variableOf } from './setting-names.js';

/** Secrets are mounted by replacing links, which file system events do not report. */
const LOOK_EVERY_MS = 5000;

interface Reloading {
  secrets: Secrets;
  /** Values that the log must hide. Old ones stay, because they may still be in use. */
  secretValues: SecretValues;
  logger: Logger;
}

/** Reads the secrets again on SIGHUP, and when the file of one has changed. */
export function reloadSecretsOnChange(reloading: Reloading): void {
  const reload = () => reloadSecrets(reloading);
  process.on('SIGHUP', reload);
  for (const path of secretFiles(process.env)) watchFile(path, { interval: LOOK_EVERY_MS, persistent: false }, reload);
}

/** Takes over the new secrets if all settings are valid. Other settings stay unchanged. */
export function reloadSecrets(
  { secrets, secretValues, logger }: Reloading,
  load: () => Configuration = loadConfiguration,
): void {
  try {
    const { settings } = load();
    secretValues.add(settings);
    const { changed, late } = secrets.replace(settings);
    logger.info({ context: 'Secrets', changed: changed.map(variableOf) }, 'secrets read anew');
    if (late.length > 0) {
      logger.warn({ context: 'Secrets', secrets: late.map(variableOf) }, 'new secrets count only after a restart');
    }
  } catch (error) {
    if (!(error instanceof InvalidSettings)) throw error;
    logger.error({ context: 'Secrets', faults: error.faults }, 'secrets not taken over: settings are wrong');
  }
}

function secretFiles(environment: NodeJS.ProcessEnv): string[] {
  const watched = new Set([...settingKeys.filter(isSecret), ...reloadableSecrets]);
  return [...watched].flatMap((key) => environment[`${variableOf(key)}_FILE`] || []);
}
