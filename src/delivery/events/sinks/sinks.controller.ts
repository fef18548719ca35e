import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { assertServiceAllowed } from '../../../platform/auth/access.js';
import type { Principal } from '../../../platform/auth/principal.js';
import { Caller, Requires } from '../../../platform/auth/requires.js';
import { Database } from '../../../platform/database/database.js';
import { Refuses } from '../../../platform/http/problems/refuses.js';
import { eventsErrors } from '../events.errors.js';
import { SinkChanges } from './sink-changes.js';
import * as dto from './sinks.dto.js';
import { SinksReader } from './sinks.reader.js';

@ApiTags('Events')
@Controller('v1/sinks')
export class SinksController {
  constructor(
    private readonly database: Database,
    private readonly reader: SinksReader,
    private readonly changes: SinkChanges,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Show how each sink does' })
  @Requires('admin')
  @ApiOkResponse({ standardSchema: dto.sinksView })
  async list(@Caller() principal: Principal): Promise<{ items: dto.SinkView[] }> {
    assertServiceAllowed(principal, null);
    return { items: await this.reader.states() };
  }

  @Post(':name/test')
  @ApiOperation({ summary: 'Send a test event to a sink' })
  @Requires('admin')
  @HttpCode(202)
  @Refuses(eventsErrors.sinkNotFound)
  @ApiAcceptedResponse({ description: 'The test event waits for the sink.' })
  async test(
    @Param({ schema: dto.sinkPath }) { name }: dto.SinkPath,
    @Body({ schema: dto.nothing }) _body: unknown,
    @Caller() principal: Principal,
  ): Promise<void> {
    assertServiceAllowed(principal, null);
    await this.database.transaction((tx) => this.changes.test(tx, principal, name));
  }

  @Post(':name/replay')
  @ApiOperation({ summary: 'Send again what a sink did not take' })
  @Requires('admin')
  @HttpCode(202)
  @Refuses(eventsErrors.sinkNotFound)
  @ApiAcceptedResponse({ description: 'What could not be sent waits for the sink again.' })
  async replay(
    @Param({ schema: dto.sinkPath }) { name }: dto.SinkPath,
    @Body({ schema: dto.nothing }) _body: unknown,
    @Caller() principal: Principal,
  ): Promise<void> {
    assertServiceAllowed(principal, null);
    await this.database.transaction((tx) => this.changes.replay(tx, principal, name));
  }
}
