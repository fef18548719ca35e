import { Body, Controller, Get, Param, Put, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Access } from '../access/access.js';
import { Problem } from '../problems/problem.js';
import { logLevels, type LoggerState } from './log-levels.js';
import { ServiceLog } from './service-log.js';

const override = z.strictObject({
  /** Null ends the change immediately. */
  level: z.enum([...logLevels, 'silent']).nullable(),
  ttlSeconds: z.int().min(1).max(3600).default(900),
});

/** Levels by context. A change ends by itself, because a forgotten debug level fills a disk. */
@Controller('loggers')
export class LoggersController {
  constructor(private readonly log: ServiceLog) {}

  @Get()
  @Access('read')
  list() {
    return { loggers: this.log.levels.list().map(shown) };
  }

  @Get(':context')
  @Access('read')
  read(@Param('context') context: string) {
    const { levels } = this.log;
    if (!levels.has(context)) throw new Problem(404, `Nothing has logged as ${context} yet; /loggers lists what has.`);
    return shown(levels.stateOf(context));
  }

  @Put(':context')
  @Access('write')
  override(
    @Param('context') context: string,
    @Body({ schema: override }) { level, ttlSeconds }: z.output<typeof override>,
    @Req() request: FastifyRequest,
  ) {
    const before = this.read(context);
    if (level === null) this.log.levels.revert(context);
    else this.log.levels.override(context, level, ttlSeconds * 1000);
    const after = this.read(context);
    request.change = { before, after };
    return after;
  }
}

function shown({ context, level, overriddenUntil }: LoggerState) {
  return { context, level, overriddenUntil: overriddenUntil === null ? null : new Date(overriddenUntil) };
}
