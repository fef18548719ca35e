import { Body, Controller, Get, Headers, Param, Put, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { assertServiceAllowed } from '../../platform/auth/access.js';
import type { Principal } from '../../platform/auth/principal.js';
import { Caller, Requires } from '../../platform/auth/requires.js';
import { Database } from '../../platform/database/database.js';
import { BodyLimit } from '../../platform/http/body-limit.js';
import { TakesIfMatch, WithEtag } from '../../platform/http/etag.js';
import { decodeCursor, type Keyset, type Page, toPage } from '../../platform/http/page.js';
import { DomainError } from '../../platform/http/problems/domain-error.js';
import { Refuses } from '../../platform/http/problems/refuses.js';
import * as dto from './catalog.dto.js';
import { catalogErrors } from './catalog.errors.js';
import { Slots } from './catalog.events.js';
import { CatalogReader } from './catalog.reader.js';
import { CatalogService, type Put as PutResult, viewOfEnvironment, viewOfService } from './catalog.service.js';

const HOSTS = 'services/:service/environments/:environment/hosts';

@ApiTags('Catalogue')
@Controller('v1')
export class CatalogController {
  constructor(
    private readonly database: Database,
    private readonly catalog: CatalogService,
    private readonly reader: CatalogReader,
    private readonly slots: Slots,
  ) {}

  @Put('environments/:environment')
  @ApiOperation({ summary: 'Put an environment, new or changed' })
  @Requires('admin')
  @TakesIfMatch()
  @ApiOkResponse({ standardSchema: dto.environmentView })
  @ApiCreatedResponse({ standardSchema: dto.environmentView })
  async putEnvironment(
    @Param({ schema: dto.environmentPath }) { environment }: dto.EnvironmentPath,
    @Body({ schema: dto.environmentBody }) body: dto.EnvironmentBody,
    @Headers('if-match') ifMatch: string | undefined,
    @Caller() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<dto.EnvironmentView> {
    // Its tier is a matter of every service that is deployed there.
    assertServiceAllowed(principal, null);
    const put = await this.database.transaction((tx) =>
      this.catalog.putEnvironment(tx, principal, environment, body, ifMatch),
    );
    return answer(reply, put);
  }

  @Get('environments/:environment')
  @ApiOperation({ summary: 'Read an environment' })
  @Requires('viewer')
  @Refuses(catalogErrors.environmentNotFound)
  @WithEtag()
  @ApiOkResponse({ standardSchema: dto.environmentView })
  async environment(@Param({ schema: dto.environmentPath }) path: dto.EnvironmentPath): Promise<dto.EnvironmentView> {
    return this.database.read(async (handle) =>
      viewOfEnvironment(await this.slots.environment(handle, path.environment)),
    );
  }

  @Get('environments')
  @ApiOperation({ summary: 'List the environments' })
  @Requires('viewer')
  @ApiOkResponse({ standardSchema: dto.environmentsView })
  async environments(
    @Query({ schema: dto.catalogQuery }) { cursor, limit }: dto.CatalogQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Page<dto.EnvironmentView>> {
    const after = decodeCursor(cursor, reply, 'slug');
    const found = await this.database.read((handle) => this.catalog.listEnvironments(handle, after, limit));
    return toPage(found.map(keyed), limit, reply, viewOfEnvironment);
  }

  @Put('services/:service')
  @ApiOperation({ summary: 'Put a service, new or changed' })
  @Requires('admin')
  @TakesIfMatch()
  @ApiOkResponse({ standardSchema: dto.serviceView })
  @ApiCreatedResponse({ standardSchema: dto.serviceView })
  async putService(
    @Param({ schema: dto.servicePath }) { service }: dto.ServicePath,
    @Body({ schema: dto.serviceBody }) body: dto.ServiceBody,
    @Headers('if-match') ifMatch: string | undefined,
    @Caller() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<dto.ServiceView> {
    const put = await this.database.transaction((tx) => this.catalog.putService(tx, principal, service, body, ifMatch));
    return answer(reply, put);
  }

  @Get('services/:service')
  @ApiOperation({ summary: 'Read a service' })
  @Requires('viewer')
  @Refuses(catalogErrors.serviceNotFound)
  @WithEtag()
  @ApiOkResponse({ standardSchema: dto.serviceView })
  async service(@Param({ schema: dto.servicePath }) path: dto.ServicePath): Promise<dto.ServiceView> {
    return this.database.read(async (handle) => viewOfService(await this.slots.service(handle, path.service)));
  }

  @Get('services')
  @ApiOperation({ summary: 'List the services' })
  @Requires('viewer')
  @ApiOkResponse({ standardSchema: dto.servicesView })
  async services(
    @Query({ schema: dto.catalogQuery }) { cursor, limit }: dto.CatalogQuery,
    @Caller() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Page<dto.ServiceView>> {
    const after = decodeCursor(cursor, reply, 'slug');
    const found = await this.database.read((handle) =>
      this.catalog.listServices(handle, after, limit, principal.service),
    );
    return toPage(found.map(keyed), limit, reply, viewOfService);
  }

  @Put(HOSTS)
  @ApiOperation({ summary: 'Put the hosts of a slot' })
  @BodyLimit(384)
  @Requires('operator')
  @TakesIfMatch()
  @ApiOkResponse({ standardSchema: dto.hostsBody })
  async putHosts(
    @Param({ schema: dto.slotPath }) { service, environment }: dto.SlotPath,
    @Body({ schema: dto.hostsBody }) body: dto.HostsBody,
    @Headers('if-match') ifMatch: string | undefined,
    @Caller() principal: Principal,
  ): Promise<dto.HostsBody> {
    return this.database.transaction((tx) => this.catalog.putHosts(tx, principal, service, environment, body, ifMatch));
  }

  @Get(HOSTS)
  @ApiOperation({ summary: 'Read the hosts of a slot' })
  @Requires('viewer')
  @Refuses(catalogErrors.hostsNotFound)
  @WithEtag()
  @ApiOkResponse({ standardSchema: dto.hostsBody })
  async hosts(@Param({ schema: dto.slotPath }) { service, environment }: dto.SlotPath): Promise<dto.HostsBody> {
    return this.database.read(async (handle) => {
      await this.slots.assertCatalogued(handle, service, environment);
      const slot = await this.reader.findSlot(handle, service, environment);
      if (slot?.hosts) return { hosts: [...slot.hosts] };
      throw new DomainError(
        catalogErrors.hostsNotFound,
        `PUT /v1/services/${service}/environments/${environment}/hosts first.`,
      );
    });
  }
}

function answer<View>(reply: FastifyReply, { view, isNew }: PutResult<View>): View {
  reply.status(isNew ? 201 : 200);
  return view;
}

/** The slug is the id of a catalogue entry, and so what its pages are cut by. */
function keyed<Entry extends { slug: string; createdAt: Date }>(entry: Entry): Entry & Keyset {
  return Object.assign(entry, { id: entry.slug });
}
