import { Body, Controller, Get, Headers, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { assertServiceAllowed } from '../../platform/auth/access.js';
import type { Principal } from '../../platform/auth/principal.js';
import { Caller, Requires } from '../../platform/auth/requires.js';
import { Database } from '../../platform/database/database.js';
import { TakesIfMatch, WithEtag } from '../../platform/http/etag.js';
import { decodeCursor, type Page, toPage } from '../../platform/http/page.js';
import { Refuses } from '../../platform/http/problems/refuses.js';
import * as dto from './incidents.dto.js';
import { incidentsErrors } from './incidents.errors.js';
import { IncidentsReader } from './incidents.reader.js';
import { IncidentsService } from './incidents.service.js';

@ApiTags('Incidents')
@Controller('v1/incidents')
export class IncidentsController {
  constructor(
    private readonly database: Database,
    private readonly incidents: IncidentsService,
    private readonly reader: IncidentsReader,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List incidents, newest first' })
  @Requires('viewer')
  @ApiOkResponse({ standardSchema: dto.incidentsView })
  async list(
    @Query({ schema: dto.incidentsQuery }) { cursor, limit, ...filter }: dto.IncidentsQuery,
    @Caller() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Page<dto.IncidentView>> {
    const service = filter.service ?? principal.service ?? undefined;
    if (service !== undefined) assertServiceAllowed(principal, service);
    const after = decodeCursor(cursor, reply);
    const found = await this.database.read((handle) => this.reader.list(handle, { ...filter, service }, after, limit));
    return toPage(found, limit, reply, dto.viewOfIncident);
  }

  @Post()
  @ApiOperation({ summary: 'Report an incident by hand' })
  @Requires('operator')
  @ApiCreatedResponse({ standardSchema: dto.incidentView })
  async create(
    @Body({ schema: dto.createIncidentBody }) body: dto.CreateIncidentBody,
    @Caller() principal: Principal,
  ): Promise<dto.IncidentView> {
    return dto.viewOfIncident(await this.database.transaction((tx) => this.incidents.create(tx, principal, body)));
  }

  @Get(':id')
  @ApiOperation({ summary: 'Read an incident' })
  @Requires('viewer')
  @Refuses(incidentsErrors.incidentNotFound)
  @WithEtag()
  @ApiOkResponse({ standardSchema: dto.incidentView })
  async get(@Param('id', dto.IncidentId) id: string, @Caller() principal: Principal): Promise<dto.IncidentView> {
    const incident = await this.database.read((handle) => this.reader.get(handle, id));
    assertServiceAllowed(principal, incident.service);
    return dto.viewOfIncident(incident);
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Say which deployment caused an incident, or that it is over' })
  @Requires('operator')
  @Refuses(incidentsErrors.incidentNotFound)
  @TakesIfMatch()
  @ApiOkResponse({ standardSchema: dto.incidentView })
  async patch(
    @Param('id', dto.IncidentId) id: string,
    @Body({ schema: dto.patchIncidentBody }) body: dto.PatchIncidentBody,
    @Headers('if-match') ifMatch: string | undefined,
    @Caller() principal: Principal,
  ): Promise<dto.IncidentView> {
    const work = (tx: Parameters<IncidentsService['patch']>[0]) =>
      this.incidents.patch(tx, principal, id, body, ifMatch);
    return dto.viewOfIncident(await this.database.transaction(work));
  }
}
