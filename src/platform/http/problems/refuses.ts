import { extendRouteConfig } from '../route-config.js';
import type { ErrorRow } from './domain-error.js';

/** Documents what a handler refuses with, by the rows of the tables of errors. May be used more than once. */
export function Refuses(...refusals: readonly ErrorRow[]): MethodDecorator {
  return extendRouteConfig({ refusals });
}
