import { ok } from '../listener/ops-answers.js';
import type { OpsRoute, OpsRoutes } from '../listener/ops-routes.js';

export interface Mapping {
  method: string;
  path: string;
}

/** What is served where: the routes of the main port, which it fills in, and those of the operations listener. */
export class Mappings {
  readonly #main: Mapping[] = [];

  constructor(private readonly opsRoutes: OpsRoutes) {}

  add(methods: string | string[], path: string): void {
    for (const method of [methods].flat()) this.#main.push({ method, path });
  }

  routes(): OpsRoute[] {
    const answer = () => ok({ main: this.#main, operations: this.opsRoutes.list() });
    return [{ method: 'GET', path: '/mappings', access: 'read', answer }];
  }
}
