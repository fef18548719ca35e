import { Body, Controller, Headers, Param, Post, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Principal } from '../../../platform/auth/principal.js';
import { Caller, Requires } from '../../../platform/auth/requires.js';
import { Idempotency, replyWith } from '../../../platform/http/idempotency/idempotency.js';
import { IdempotentBody } from '../../../platform/http/idempotency/idempotent-body.js';
import { parseBody } from '../../../platform/http/input/validation.js';
import { Refuses } from '../../../platform/http/problems/refuses.js';
import { slotPath, type SlotPath } from '../../catalog/catalog.reader.js';
import { type DeploymentView, deploymentView, viewOfDeployment } from '../deployments.dto.js';
import { deploymentsErrors } from '../deployments.errors.js';
import { DeploymentsReader } from '../deployments.reader.js';
import { rollbackBody } from './rollbacks.dto.js';
import { Rollbacks } from './rollbacks.js';

const { noKnownGood, neverPromoted, slotBusy } = deploymentsErrors;

@ApiTags('Slots')
@Controller('v1/services/:service/environments/:environment/rollback')
export class RollbacksController {
  constructor(
    private readonly idempotency: Idempotency,
    private readonly rollbacks: Rollbacks,
    private readonly deployments: DeploymentsReader,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Go back to the last known good release, or another one' })
  @Requires('deployer')
  @IdempotentBody(rollbackBody)
  @Refuses(noKnownGood, neverPromoted, slotBusy)
  @ApiCreatedResponse({ standardSchema: deploymentView })
  async create(
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
}
