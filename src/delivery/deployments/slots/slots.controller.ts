import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Requires } from '../../../platform/auth/requires.js';
import { Database } from '../../../platform/database/database.js';
import { WithEtag } from '../../../platform/http/etag.js';
import { Slots } from '../../catalog/catalog.events.js';
import { slotPath, type SlotPath } from '../../catalog/catalog.reader.js';
import { Observations } from './observations.js';
import { type ObservationBody, observationBody, slotView, type SlotView } from './slots.dto.js';
import { SlotsReader } from './slots.reader.js';

@ApiTags('Slots')
@Controller('v1/services/:service/environments/:environment')
export class SlotsController {
  constructor(
    private readonly database: Database,
    private readonly catalogSlots: Slots,
    private readonly slots: SlotsReader,
    private readonly observations: Observations,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Read what a slot runs, and what it can go back to' })
  @Requires('viewer')
  @WithEtag()
  @ApiOkResponse({ standardSchema: slotView })
  async slot(@Param({ schema: slotPath }) { service, environment }: SlotPath): Promise<SlotView> {
    const slot = await this.slots.slot(service, environment);
    if (slot) return slot;
    await this.database.read((handle) => this.catalogSlots.assertCatalogued(handle, service, environment));
    throw new Error(`slot ${service}/${environment} is catalogued and was not found`);
  }

  @Post('observations')
  @ApiOperation({ summary: 'Say what a host was seen to run' })
  @Requires('reporter')
  @HttpCode(202)
  @ApiAcceptedResponse({ description: 'The observation is kept.' })
  async observe(
    @Param({ schema: slotPath }) { service, environment }: SlotPath,
    @Body({ schema: observationBody }) body: ObservationBody,
  ): Promise<void> {
    await this.database.transaction((tx) => this.observations.record(tx, service, environment, body));
  }
}
