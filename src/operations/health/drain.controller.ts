import { Controller, Delete, HttpCode, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Access } from '../access/access.js';
import { Readiness, type ReadinessReport } from './readiness.js';

/** Makes the instance unready without ending it, and ready again. */
@Controller('drain')
export class DrainController {
  constructor(private readonly readiness: Readiness) {}

  @Post()
  @HttpCode(202)
  @Access('write')
  takeOut(@Req() request: FastifyRequest): ReadinessReport {
    return this.#set(true, request);
  }

  @Delete()
  @HttpCode(202)
  @Access('write')
  putBack(@Req() request: FastifyRequest): ReadinessReport {
    return this.#set(false, request);
  }

  #set(isInMaintenance: boolean, request: FastifyRequest): ReadinessReport {
    const before = { isInMaintenance: this.readiness.isInMaintenance };
    this.readiness.isInMaintenance = isInMaintenance;
    request.change = { before, after: { isInMaintenance } };
    return this.readiness.report();
  }
}
