import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { assertServiceAllowed } from '../../../platform/auth/access.js';
import type { Principal } from '../../../platform/auth/principal.js';
import { Caller, Requires } from '../../../platform/auth/requires.js';
import { Database } from '../../../platform/database/database.js';
import { decodeCursor, type PageQuery, pageQuery, toPage } from '../../../platform/http/page.js';
import { Refuses } from '../../../platform/http/problems/refuses.js';
import { extendRouteConfig } from '../../../platform/http/route-config.js';
import { GatesReader, type MeasurementRow } from '../../gates/gates.reader.js';
import { DeploymentId } from '../deployments.dto.js';
import { deploymentNotFound, deploymentsErrors } from '../deployments.errors.js';
import { DeploymentsReader } from '../deployments.reader.js';
import {
  type MeasurementsView,
  measurementsView,
  type VerdictQuery,
  verdictQuery,
  verdictView,
  type VerdictView,
  viewOfVerdict,
} from './verdicts.dto.js';
import { Verdicts } from './verdicts.js';

@ApiTags('Deployments')
@Controller('v1/deployments/:id')
export class VerdictsController {
  constructor(
    private readonly database: Database,
    private readonly verdicts: Verdicts,
    private readonly reader: DeploymentsReader,
    private readonly gates: GatesReader,
  ) {}

  @Get('verdict')
  @ApiOperation({ summary: 'Read the verdict, or wait until it falls' })
  @Requires('viewer')
  @extendRouteConfig({ waitsBy: 'wait' })
  @Refuses(deploymentsErrors.deploymentNotFound)
  @ApiOkResponse({ standardSchema: verdictView })
  async verdict(
    @Param('id', DeploymentId) id: string,
    @Query({ schema: verdictQuery }) { wait }: VerdictQuery,
    @Caller() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<VerdictView> {
    const now = await this.reader.verdict(id);
    if (!now) throw deploymentNotFound(id);
    assertServiceAllowed(principal, now.service);
    return viewOfVerdict(wait === 0 ? now : await this.verdicts.await(id, now, wait * 1000, goneOf(reply)));
  }

  @Get('measurements')
  @ApiOperation({ summary: 'List the measurements of a gate run' })
  @Requires('viewer')
  @Refuses(deploymentsErrors.deploymentNotFound)
  @ApiOkResponse({ standardSchema: measurementsView })
  async measurements(
    @Param('id', DeploymentId) id: string,
    @Query({ schema: pageQuery }) { cursor, limit }: PageQuery,
    @Caller() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MeasurementsView> {
    return this.database.read(async (handle) => {
      const { deployment } = await this.reader.get(handle, id);
      assertServiceAllowed(principal, deployment.service);
      const rows = await this.gates.measurements(handle, id, { after: decodeCursor(cursor, reply), limit });
      return toPage(rows, limit, reply, viewOfMeasurement);
    });
  }
}

/** Aborts when the client has hung up: nobody is waiting any more. */
function goneOf(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  return gone.signal;
}

function viewOfMeasurement(row: MeasurementRow): MeasurementsView['items'][number] {
  const { check, host, n, dueAt, measuredAt, outcome, value, detail } = row;
  return {
    check,
    host,
    n,
    dueAt: dueAt.toISOString(),
    measuredAt: measuredAt && measuredAt.toISOString(),
    outcome,
    value,
    detail,
  };
}
