import { Body, Controller, Get, Headers, Param, Put } from '@nestjs/common';
import { ApiBody, type ApiBodyOptions, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Principal } from '../../platform/auth/principal.js';
import { Caller, Requires } from '../../platform/auth/requires.js';
import { Database } from '../../platform/database/database.js';
import { TakesIfMatch, WithEtag } from '../../platform/http/etag.js';
import { DomainError } from '../../platform/http/problems/domain-error.js';
import { Refuses } from '../../platform/http/problems/refuses.js';
import { Slots } from '../catalog/catalog.events.js';
import { CatalogReader, slotPath, type SlotPath } from '../catalog/catalog.reader.js';
import * as dto from './gates.dto.js';
import { gatesErrors } from './gates.errors.js';
import { GatesReader } from './gates.reader.js';
import { GatesService } from './gates.service.js';

const { $schema: _dialect, ...documentedBody } = z.toJSONSchema(dto.gateView, { io: 'input' });

@ApiTags('Gates')
@Controller('v1/services/:service/environments/:environment/gate')
export class GatesController {
  constructor(
    private readonly database: Database,
    private readonly gates: GatesService,
    private readonly reader: GatesReader,
    private readonly catalog: CatalogReader,
    private readonly slots: Slots,
  ) {}

  /** The body is validated by the service: which checks it may hold is known only to the registry of their types. */
  @Put()
  @Requires('operator')
  @TakesIfMatch()
  @ApiBody({ schema: documentedBody } as unknown as ApiBodyOptions)
  @ApiOkResponse({ standardSchema: dto.gateView })
  async put(
    @Param({ schema: slotPath }) { service, environment }: SlotPath,
    @Body() body: unknown,
    @Headers('if-match') ifMatch: string | undefined,
    @Caller() principal: Principal,
  ): Promise<object> {
    return this.database.transaction((tx) => this.gates.put(tx, { principal, service, environment, body, ifMatch }));
  }

  @Get()
  @Requires('viewer')
  @Refuses(gatesErrors.gateNotFound)
  @WithEtag()
  @ApiOkResponse({ standardSchema: dto.gateView })
  async get(@Param({ schema: slotPath }) { service, environment }: SlotPath): Promise<object> {
    return this.database.read(async (handle) => {
      await this.slots.assertCatalogued(handle, service, environment);
      const slot = await this.catalog.findSlot(handle, service, environment);
      const specification = slot && (await this.reader.specification(handle, slot.id));
      if (specification) return specification;
      const path = `/v1/services/${service}/environments/${environment}/gate`;
      throw new DomainError(gatesErrors.gateNotFound, `PUT ${path} first.`);
    });
  }
}
