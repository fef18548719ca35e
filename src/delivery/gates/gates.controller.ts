import { Body, Controller, Get, Headers, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags, type ApiBodyOptions } from '@nestjs/swagger';
import { z } from 'zod';
import type { Principal } from '../../platform/auth/principal.js';
import { Caller, Requires } from '../../platform/auth/requires.js';
import { Database } from '../../platform/database/database.js';
import { BodyLimit } from '../../platform/http/body-limit.js';
import { TakesIfMatch, WithEtag } from '../../platform/http/etag.js';
import { DomainError } from '../../platform/http/problems/domain-error.js';
import { Refuses } from '../../platform/http/problems/refuses.js';
import { Slots } from '../catalog/catalog.events.js';
import { CatalogReader, type Slot, slotPath, type SlotPath } from '../catalog/catalog.reader.js';
import { DryRuns } from './engine/dry-runs.js';
import * as dto from './gates.dto.js';
import { gatesErrors } from './gates.errors.js';
import { GatesReader } from './gates.reader.js';
import { GatesService } from './gates.service.js';
import { type GateSpecification, isUngated } from './plan/gate-specification.model.js';

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
    private readonly dryRuns: DryRuns,
  ) {}

  /** The service validates the body, because only the registry of check types knows which checks are allowed. */
  @Put()
  @ApiOperation({ summary: 'Put the gate of a slot' })
  @BodyLimit(1024)
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
  @ApiOperation({ summary: 'Read the gate of a slot' })
  @Requires('viewer')
  @Refuses(gatesErrors.gateNotFound)
  @WithEtag()
  @ApiOkResponse({ standardSchema: dto.gateView })
  async get(@Param({ schema: slotPath }) path: SlotPath): Promise<object> {
    return (await this.find(path)).specification;
  }

  /** Measures every check of the gate once, now, on each host, with the release that runs there. It changes nothing. */
  @Post('dry-run')
  @ApiOperation({ summary: 'Try the gate now, and change nothing' })
  @Requires('operator')
  @HttpCode(200)
  @Refuses(gatesErrors.gateNotFound)
  @ApiOkResponse({ standardSchema: dto.dryRunView })
  async dryRun(
    @Param({ schema: slotPath }) path: SlotPath,
    @Body({ schema: dto.dryRunBody }) _body: object,
  ): Promise<dto.DryRunView> {
    const { slot, specification } = await this.find(path);
    return isUngated(specification) ? { checks: [], identity: [] } : this.dryRuns.run(slot, specification);
  }

  /** @throws DomainError `gate-not-found`; 404 for an unknown service or environment */
  private find({ service, environment }: SlotPath): Promise<{ slot: Slot; specification: GateSpecification }> {
    return this.database.read(async (handle) => {
      await this.slots.assertCatalogued(handle, service, environment);
      const slot = await this.catalog.findSlot(handle, service, environment);
      const specification = slot && (await this.reader.specification(handle, slot.id));
      if (slot && specification) return { slot, specification };
      const path = `/v1/services/${service}/environments/${environment}/gate`;
      throw new DomainError(gatesErrors.gateNotFound, `PUT ${path} first.`);
    });
  }
}
