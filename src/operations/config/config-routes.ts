import { ok } from '../listener/ops-answers.js';
import type { OpsRoute } from '../listener/ops-routes.js';
import type { Configuration } from './load-settings.js';
import { isSecret, type SettingKey, settingKeys, variableOf } from './setting-names.js';

/** Every setting, where it came from, and its value unless it is a secret. */
export function configRoutes({
  settings,
  sources,
}: Pick<Configuration, 'settings'> & Partial<Configuration>): OpsRoute[] {
  const describe = (key: SettingKey) => ({
    key: variableOf(key),
    source: sources?.[key] ?? 'default',
    value: isSecret(key) && settings[key] !== undefined ? '******' : (settings[key] ?? null),
  });
  const answer = () => ok({ settings: settingKeys.map(describe) });
  return [{ method: 'GET', path: '/config', access: 'read', answer }];
}
