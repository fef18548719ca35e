import { ok } from '../listener/ops-answers.js';
import type { OpsRoute } from '../listener/ops-routes.js';
import type { FeatureFlags } from './feature-flags.js';

export function flagRoutes(flags: FeatureFlags): OpsRoute[] {
  const answer = () => {
    const { configured, lastSuccess, stale } = flags.state();
    return ok({ configured, lastSuccess, stale, flags: flags.list() });
  };
  return [{ method: 'GET', path: '/flags', access: 'read', answer }];
}
