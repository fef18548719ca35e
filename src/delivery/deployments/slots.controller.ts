import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { assertServiceAllowed } from '../../platform/auth/access.js';
import type { Principal } from '../../platform/auth/principal.js';
import { Caller, Requires } from '../../platform/auth/requires.js';
import { Database } from '../../platform/database/database.js';
import { IdempotentBody } from '../../platform/http/documented-body.js';
import { WithEtag } from '../../platform/http/etag.js';
import { Idempotency } from '../../platform/http/idempotency.js';
import { replyWith } from '../../platform/http/idempotent-reply.js';
import { Refuses } from '../../platform/http/refuses.js';
import { parseBody } from '../../platform/http/validation.js';
import { Slots } from '../catalog/catalog.events.js';
import { viewOfDeployment } from './deployment-view.js';
import { deploymentsErrors } from './deployments.errors.js';
import { DeploymentsReader } from './deployments.reader.js';
import { deploymentView, type DeploymentView } from './deployments.dto.js';
import { Freezes } from './freezes.js';
import { Observations } from './observations.js';
import { Rollbacks } from './rollbacks.js';
import { SlotsReader } from './slots.reader.js';
import {
  environmentPath,
  type EnvironmentPath,
  type FreezeQuery,
  freezeQuery,
  freezeView,
  type FreezeView,
  type ObservationBody,
  observationBody,
  rollbackBody,
  slotPath,
  type SlotPath,
  slotView,
  type SlotView,
} from './slots.dto.js';

const SLOT = 'services/:service/environments/:environment';

const { noKnownGood, neverPromoted, slotBusy } = deploymentsErrors;

@ApiTags('Slots')
@Controller('v1')
export class SlotsController {
  constructor(
    private readonly database: Database,
    private readonly idempotency: Idempotency,
    private readonly catalogSlots: Slots,
    private readonly slots: SlotsReader,
    private readonly deployments: DeploymentsReader,
    private readonly rollbacks: Rollbacks,
    private readonly observations: Observations,
    private readonly freezes: Freezes,
  ) {}

  @Get(SLOT)
  @Requires('viewer')
  @WithEtag()
  @ApiOkResponse({ standardSchema: slotView })
  async slot(@Param({ schema: slotPath }) { service, environment }: SlotPath): Promise<SlotView> {
    const slot = await this.slots.slot(service, environment);
    if (slot) return slot;
    await this.database.read((handle) => this.catalogSlots.assertCatalogued(handle, service, environment));
    throw new Error(`slot ${service}/${environment} is catalogued and was not found`);
  }

  @Post(`${SLOT}/rollback`)
  @Requires('deployer')
  @IdempotentBody(rollbackBody)
  @Refuses(noKnownGood, neverPromoted, slotBusy)
  @ApiCreatedResponse({ standardSchema: deploymentView })
  async rollBack(
    @Param({ schema: slotPath }) { service, environment }: SlotPath,
    @Headers('idempotency-key') key: string | undefined,
    @Body() body: unknown,
    @Caller() principal: Principal,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DeploymentView> {
    const answer = await this.idempotency.run(
      { key, method: 'POST', path: request.url, principal, body },
      async (tx) => {
        const wish = parseBody(rollbackBody, body);
        const deployment = await this.rollbacks.create(tx, principal, service, environment, wish);
        const releases = await this.deployments.releasesOf(tx, [deployment]);
        return { status: 201, body: viewOfDeployment(deployment, releases) };
      },
    );
    return replyWith(reply, answer);
  }

  @Post(`${SLOT}/observations`)
  @Requires('reporter')
  @HttpCode(202)
  @ApiAcceptedResponse({ description: 'The observation is kept.' })
  async observe(
    @Param({ schema: slotPath }) { service, environment }: SlotPath,
    @Body({ schema: observationBody }) body: ObservationBody,
    @Caller() principal: Principal,
  ): Promise<void> {
    await this.database.transaction((tx) => this.observations.record(tx, principal, service, environment, body));
  }

  @Get('environments/:environment/freeze')
  @Requires('viewer')
  @ApiOkResponse({ standardSchema: freezeView })
  async freeze(
    @Param({ schema: environmentPath }) { environment }: EnvironmentPath,
    @Query({ schema: freezeQuery }) { service }: FreezeQuery,
    @Caller() principal: Principal,
  ): Promise<FreezeView> {
    if (service !== undefined) assertServiceAllowed(principal, service);
    return this.database.read(async (handle) => {
      const { tier } = await this.catalogSlots.environment(handle, environment);
      const { frozen, known, reasons } = await this.freezes.judge(handle, {
        service: service ?? null,
        environment,
        tier,
      });
      return { frozen, known, reasons: [...reasons] };
    });
  }
}
