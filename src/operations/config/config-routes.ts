import { ok } from '../listener/ops-answers.js';
import type { OpsRoute } from '../listener/ops-routes.js';
import type { Configuration } from './load-settings.js';
import { isSecret, type SettingKey, settingKeys, variableOf } from './setting-names.js';

/** Every setting, where it came from, and its value unless it is a secret; and what can change at runtime. */
export function configRoutes(
  { settings, sources }: Pick<Configuration, 'settings'> & Partial<Configuration>,
  runtimeValues: () => object[],
): OpsRoute[] {
  const describe = (key: SettingKey) => ({
    key: variableOf(key),
    source: sources?.[key] ?? 'default',
    value: isSecret(key) && settings[key] !== undefined ? '******' : (settings[key] ?? null),
  });
  const answer = () => ok({ settings: settingKeys.map(describe), runtime: runtimeValues() });
  return [{ method: 'GET', path: '/config', access: 'read', answer }];
}
