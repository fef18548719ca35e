import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { assertServiceAllowed } from '../../platform/auth/access.js';
import type { Principal } from '../../platform/auth/principal.js';
import { Caller, Requires } from '../../platform/auth/requires.js';
import { Database } from '../../platform/database/database.js';
import { decodeCursor, type Page, toPage } from '../../platform/http/page.js';
import { Refuses } from '../../platform/http/problems/refuses.js';
import { Slots } from '../catalog/catalog.events.js';
import { environmentPath, type EnvironmentPath } from '../catalog/catalog.reader.js';
import * as dto from './freezes.dto.js';
import { freezesErrors } from './freezes.errors.js';
import { FreezesReader } from './freezes.reader.js';
import { FreezesService } from './freezes.service.js';

@ApiTags('Freezes')
@Controller('v1')
export class FreezesController {
  constructor(
    private readonly database: Database,
    private readonly catalog: Slots,
    private readonly freezes: FreezesService,
    private readonly reader: FreezesReader,
  ) {}

  @Get('environments/:environment/freeze')
  @Requires('viewer')
  @ApiOperation({ summary: 'Whether new deployments may start, and if not, why and until when' })
  @ApiOkResponse({ standardSchema: dto.freezeView })
  async ofEnvironment(
    @Param({ schema: environmentPath }) { environment }: EnvironmentPath,
    @Query({ schema: dto.freezeQuery }) { service }: dto.FreezeQuery,
    @Caller() principal: Principal,
  ): Promise<dto.FreezeView> {
    if (service !== undefined) assertServiceAllowed(principal, service);
    return this.database.read(async (handle) => {
      const { tier } = await this.catalog.environment(handle, environment);
      return this.reader.judge(handle, { service: service ?? null, environment, tier });
    });
  }

  @Post('freezes')
  @Requires('operator')
  @Refuses(freezesErrors.tooManyFreezes)
  @ApiOperation({ summary: 'Plan a freeze: a window, or a weekly one' })
  @ApiCreatedResponse({ standardSchema: dto.plannedFreezeView })
  async create(
    @Body({ schema: dto.createFreezeBody }) body: dto.CreateFreezeBody,
    @Caller() principal: Principal,
  ): Promise<dto.PlannedFreezeView> {
    return this.database.transaction((tx) => this.freezes.create(tx, principal, body));
  }

  @Get('freezes')
  @Requires('viewer')
  @ApiOperation({ summary: 'The planned freezes that hold for a service or an environment, those for all included' })
  @ApiOkResponse({ standardSchema: dto.freezesView })
  async list(
    @Query({ schema: dto.freezesQuery }) { cursor, limit, from, to, ...filter }: dto.FreezesQuery,
    @Caller() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Page<dto.PlannedFreezeView>> {
    const service = filter.service ?? principal.service ?? undefined;
    if (service !== undefined) assertServiceAllowed(principal, service);
    const after = decodeCursor(cursor, reply);
    const found = await this.database.read((handle) => this.reader.list(handle, { ...filter, service }, after, limit));
    const range = from === undefined || to === undefined ? null : { from: Date.parse(from), to: Date.parse(to) };
    return toPage(found, limit, reply, (freeze) => dto.viewOfFreeze(freeze, range));
  }

  @Delete('freezes/:id')
  @HttpCode(204)
  @Requires('operator')
  @Refuses(freezesErrors.freezeNotFound)
  @ApiOperation({ summary: 'Take a freeze back: what waited for its end starts' })
  @ApiNoContentResponse()
  async delete(@Param('id', { schema: dto.freezeId }) id: string, @Caller() principal: Principal): Promise<void> {
    await this.database.transaction((tx) => this.freezes.delete(tx, principal, id));
  }
}
