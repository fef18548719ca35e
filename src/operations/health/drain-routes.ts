import type { OpsAnswer, OpsRoute } from '../listener/ops-routes.js';
import type { Readiness } from './readiness.js';

/** Takes the instance out of service without ending it, and puts it back. */
export function drainRoutes(readiness: Readiness): OpsRoute[] {
  const set = (isInMaintenance: boolean) => (): OpsAnswer => {
    const before = { isInMaintenance: readiness.isInMaintenance };
    readiness.isInMaintenance = isInMaintenance;
    return { status: 202, body: readiness.report(), change: { before, after: { isInMaintenance } } };
  };
  return [
    { method: 'POST', path: '/drain', access: 'write', answer: set(true) },
    { method: 'DELETE', path: '/drain', access: 'write', answer: set(false) },
  ];
}
