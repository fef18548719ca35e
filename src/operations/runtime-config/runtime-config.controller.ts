import { Body, Controller, Get, Headers, Patch, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Access } from '../access/access.js';
import { invalid, Problem } from '../problems/problem.js';
import type { Json } from './merge-patch.js';
import { RuntimeConfig, StaleRevision } from './runtime-config.js';
import { InvalidOverrides } from './runtime-settings.js';

@Controller('runtime-config')
export class RuntimeConfigController {
  constructor(private readonly config: RuntimeConfig) {}

  @Get()
  @Access('read')
  read(@Res({ passthrough: true }) reply: FastifyReply) {
    const { stored, values } = this.config;
    if (!stored) {
      throw new Problem(503, 'What is stored could not be read yet; the defaults count.', { 'Retry-After': '5' });
    }
    const { revision, overrides, changedAt } = stored;
    reply.header('etag', `"${revision}"`);
    return { revision, changedAt, overrides, values };
  }

  /** Without a schema, because the patch is validated together with the stored overrides. */
  @Patch()
  @Access('write')
  async patch(
    @Body() patch: Json,
    @Headers('if-match') condition: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const revision = condition === undefined || condition === '*' ? null : revisionOf(condition);
    await this.config.patch(patch, revision).catch(refuse);
    // The store has audited it, in the transaction of the change.
    request.change = 'audited';
    return this.read(reply);
  }
}

function refuse(error: unknown): never {
  if (error instanceof StaleRevision) {
    const headers = { ETag: `"${error.revision}"` };
    throw new Problem(412, `Somebody else has changed it: the revision is ${error.revision} by now.`, headers);
  }
  if (error instanceof InvalidOverrides) throw invalid('Nothing was changed.', error.faults);
  throw error;
}

/** As the ETag, or as a number. An invalid revision equals none that is stored. */
function revisionOf(condition: string): number {
  const digits = condition.match(/^(?:"(\d+)"|(\d+))$/);
  return Number(digits?.[1] ?? digits?.[2] ?? Number.NaN);
}
