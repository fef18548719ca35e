import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { EntityManager } from 'typeorm';
import { assertServiceAllowed } from '../../platform/auth/access.js';
import type { Principal } from '../../platform/auth/principal.js';
import { Caller, Requires } from '../../platform/auth/requires.js';
import { Database } from '../../platform/database/database.js';
import { WithEtag } from '../../platform/http/etag.js';
import { Idempotency, replyWith } from '../../platform/http/idempotency/idempotency.js';
import { IdempotentBody } from '../../platform/http/idempotency/idempotent-body.js';
import { parseBody } from '../../platform/http/input/validation.js';
import { decodeCursor, toPage } from '../../platform/http/page.js';
import { Refuses } from '../../platform/http/problems/refuses.js';
import { freezesErrors } from '../freezes/freezes.reader.js';
import { DeploymentAdmission } from './admission/deployment-admission.js';
import * as dto from './deployments.dto.js';
import { deploymentsErrors } from './deployments.errors.js';
import { DeploymentsReader } from './deployments.reader.js';
import { DeploymentsService } from './deployments.service.js';

const { frozen, freezeUnknown } = freezesErrors;
const { slotBusy, staleBase, outdated, externalIdDiffers } = deploymentsErrors;
const { deploymentNotFound, staleFence, invalidTransition } = deploymentsErrors;

@ApiTags('Deployments')
@Controller('v1/deployments')
export class DeploymentsController {
  constructor(
    private readonly database: Database,
    private readonly idempotency: Idempotency,
    private readonly admission: DeploymentAdmission,
    private readonly deployments: DeploymentsService,
    private readonly reader: DeploymentsReader,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Begin a deployment' })
  @Requires('deployer')
  @IdempotentBody(dto.createDeploymentBody)
  @Refuses(slotBusy, frozen, freezeUnknown, staleBase, outdated, externalIdDiffers)
  @ApiCreatedResponse({ standardSchema: dto.deploymentView })
  @ApiOkResponse({ standardSchema: dto.deploymentView, description: 'The external id is known: its deployment.' })
  async create(
    @Headers('idempotency-key') key: string | undefined,
    @Body() body: unknown,
    @Caller() principal: Principal,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<dto.DeploymentView> {
    const answer = await this.idempotency.run(
      { key, method: 'POST', path: request.url, principal, body },
      async (tx) => {
        const wish = parseBody(dto.createDeploymentBody, body);
        const { deployment, isNew } = await this.admission.create(tx, principal, wish);
        return {
          status: isNew ? 201 : 200,
          body: dto.viewOfDeployment(deployment, await this.reader.releasesOf(tx, [deployment])),
        };
      },
    );
    return replyWith(reply, answer);
  }

  @Get()
  @ApiOperation({ summary: 'List deployments, newest first' })
  @Requires('viewer')
  @ApiOkResponse({ standardSchema: dto.deploymentsView })
  async list(
    @Query({ schema: dto.deploymentsQuery }) { cursor, limit, ...filter }: dto.DeploymentsQuery,
    @Caller() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ items: dto.DeploymentSummaryView[] }> {
    const service = filter.service ?? principal.service ?? undefined;
    if (service !== undefined) assertServiceAllowed(principal, service);
    return this.database.read(async (handle) => {
      const found = await this.reader.list(handle, { ...filter, service }, decodeCursor(cursor, reply), limit);
      const releases = await this.reader.releasesOf(handle, found);
      return toPage(found, limit, reply, ({ reasonCount, ...deployment }) => ({
        ...dto.viewOfDeployment(deployment, releases),
        reasonCount,
      }));
    });
  }

  @Get(':id')
  @ApiOperation({ summary: 'Read a deployment' })
  @Requires('viewer')
  @Refuses(deploymentNotFound)
  @WithEtag()
  @ApiOkResponse({ standardSchema: dto.deploymentView })
  async get(@Param('id', dto.DeploymentId) id: string, @Caller() principal: Principal): Promise<dto.DeploymentView> {
    return this.database.read((handle) => this.view(handle, principal, id));
  }

  @Post(':id/heartbeat')
  @ApiOperation({ summary: 'Say that the deployer is alive' })
  @Requires('deployer')
  @Refuses(deploymentNotFound, staleFence, invalidTransition)
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: dto.deploymentView })
  async heartbeat(
    @Param('id', dto.DeploymentId) id: string,
    @Body({ schema: dto.fenceBody }) { fence }: dto.FenceBody,
    @Caller() principal: Principal,
  ): Promise<dto.DeploymentView> {
    return this.change(principal, id, (tx) => this.deployments.heartbeat(tx, principal, id, fence));
  }

  @Post(':id/deployed')
  @ApiOperation({ summary: 'Say that the release is on its hosts: the gate begins' })
  @Requires('deployer')
  @Refuses(deploymentNotFound, staleFence, invalidTransition)
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: dto.deploymentView })
  async deployed(
    @Param('id', dto.DeploymentId) id: string,
    @Body({ schema: dto.fenceBody }) { fence }: dto.FenceBody,
    @Caller() principal: Principal,
  ): Promise<dto.DeploymentView> {
    return this.change(principal, id, (tx) => this.deployments.deployed(tx, principal, id, fence));
  }

  @Post(':id/failed')
  @ApiOperation({ summary: 'Say that the release did not get onto its hosts' })
  @Requires('deployer')
  @Refuses(deploymentNotFound, staleFence, invalidTransition)
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: dto.deploymentView })
  async failed(
    @Param('id', dto.DeploymentId) id: string,
    @Body({ schema: dto.failedBody }) body: dto.FailedBody,
    @Caller() principal: Principal,
  ): Promise<dto.DeploymentView> {
    return this.change(principal, id, (tx) => this.deployments.failed(tx, principal, id, body));
  }

  @Post(':id/cancel')
  @ApiOperation({ summary: 'Cancel a deployment' })
  @Requires('deployer')
  @Refuses(deploymentNotFound, staleFence, invalidTransition)
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: dto.deploymentView })
  async cancel(
    @Param('id', dto.DeploymentId) id: string,
    @Body({ schema: dto.cancelBody }) body: dto.CancelBody,
    @Caller() principal: Principal,
  ): Promise<dto.DeploymentView> {
    return this.change(principal, id, (tx) => this.deployments.cancel(tx, principal, id, body));
  }

  @Post(':id/decision')
  @ApiOperation({ summary: 'Decide a deployment on hold, or reject one that is being watched' })
  @Requires('operator')
  @Refuses(deploymentNotFound, invalidTransition)
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: dto.deploymentView })
  async decide(
    @Param('id', dto.DeploymentId) id: string,
    @Body({ schema: dto.decisionBody }) body: dto.DecisionBody,
    @Caller() principal: Principal,
  ): Promise<dto.DeploymentView> {
    return this.change(principal, id, (tx) => this.deployments.decide(tx, principal, id, body));
  }

  @Post(':id/mark')
  @ApiOperation({ summary: 'Mark a deployment as bad, or take the mark away' })
  @Requires('operator')
  @Refuses(deploymentNotFound)
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: dto.deploymentView })
  async mark(
    @Param('id', dto.DeploymentId) id: string,
    @Body({ schema: dto.markBody }) body: dto.MarkBody,
    @Caller() principal: Principal,
  ): Promise<dto.DeploymentView> {
    return this.change(principal, id, (tx) => this.deployments.mark(tx, principal, id, body));
  }

  private change(
    principal: Principal,
    id: string,
    work: (tx: EntityManager) => Promise<void>,
  ): Promise<dto.DeploymentView> {
    return this.database.transaction(async (tx) => {
      await work(tx);
      return this.view(tx, principal, id);
    });
  }

  private async view(handle: EntityManager, principal: Principal, id: string): Promise<dto.DeploymentView> {
    const { deployment, releases } = await this.reader.get(handle, id);
    assertServiceAllowed(principal, deployment.service);
    return dto.viewOfDeployment(deployment, releases);
  }
}
