import { Controller, Get, Injectable } from '@nestjs/common';
import { Access } from '../access/access.js';
import { OpsRoutes } from '../port/ops-routes.js';

export interface Mapping {
  method: string;
  path: string;
}

/** The routes of the main port. The main port adds them. */
@Injectable()
export class Mappings {
  readonly #main: Mapping[] = [];

  add(methods: string | string[], path: string): void {
    for (const method of [methods].flat()) this.#main.push({ method, path });
  }

  list(): Mapping[] {
    return this.#main;
  }
}

/** The routes of both ports. */
@Controller('mappings')
export class MappingsController {
  constructor(
    private readonly main: Mappings,
    private readonly operations: OpsRoutes,
  ) {}

  @Get()
  @Access('read')
  read() {
    return { main: this.main.list(), operations: this.operations.list() };
  }
}
