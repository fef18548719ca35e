import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { assertServiceAllowed } from '../../platform/auth/access.js';
import type { Principal } from '../../platform/auth/principal.js';
import { Caller, Requires } from '../../platform/auth/requires.js';
import { Database } from '../../platform/database/database.js';
import { Slots } from '../catalog/catalog.events.js';
import { environmentPath, type EnvironmentPath } from '../catalog/catalog.reader.js';
import { type FreezeQuery, freezeQuery, type FreezeView, freezeView } from './freezes.dto.js';
import { FreezesReader } from './freezes.reader.js';

@ApiTags('Slots')
@Controller('v1/environments/:environment')
export class FreezesController {
  constructor(
    private readonly database: Database,
    private readonly catalog: Slots,
    private readonly freezes: FreezesReader,
  ) {}

  @Get('freeze')
  @Requires('viewer')
  @ApiOkResponse({ standardSchema: freezeView })
  async ofEnvironment(
    @Param({ schema: environmentPath }) { environment }: EnvironmentPath,
    @Query({ schema: freezeQuery }) { service }: FreezeQuery,
    @Caller() principal: Principal,
  ): Promise<FreezeView> {
    if (service !== undefined) assertServiceAllowed(principal, service);
    return this.database.read(async (handle) => {
      const { tier } = await this.catalog.environment(handle, environment);
      return this.freezes.judge(handle, { service: service ?? null, environment, tier });
    });
  }
}
