import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { assertRole, assertServiceAllowed } from '../../platform/auth/access.js';
import { Authenticator } from '../../platform/auth/authenticator.js';
import { authorizationOf } from '../../platform/auth/authorization.js';
import type { Principal } from '../../platform/auth/principal.js';
import { Caller, Requires } from '../../platform/auth/requires.js';
import { endTime, LineBody, takeTime } from '../../platform/http/line-body.js';
import { Refuses } from '../../platform/http/problems/refuses.js';
import { importLine, type ImportView, importView } from './imports.dto.js';
import { importsErrors } from './imports.errors.js';
import { ImportsService } from './imports.service.js';

/** The rest of a body that is no longer wanted is thrown away for so long, so that its sender gets to read the answer. */
const LINGER_MS = 20_000;

@ApiTags('Imports')
@Controller('v1/imports')
export class ImportsController {
  constructor(
    private readonly imports: ImportsService,
    private readonly authenticator: Authenticator,
  ) {}

  @Post()
  @Requires('admin')
  @LineBody(importLine, 'One JSON object a line, of at most 1 MiB each. Blank lines are counted, and left out.')
  @HttpCode(200)
  @ApiOperation({ summary: 'Import history from another tool' })
  @Refuses(importsErrors.importInterrupted)
  @ApiOkResponse({ standardSchema: importView })
  async create(
    @Body() body: IncomingMessage | undefined,
    @Caller() principal: Principal,
    @Req() request: FastifyRequest,
  ): Promise<ImportView> {
    // Lines are of all services.
    assertServiceAllowed(principal, null);
    if (!body) return { created: 0, existing: 0, refused: [] };
    const authorization = authorizationOf(request);
    const origin = () => ({ address: request.ip, route: '/v1/imports' });
    const judge = async (): Promise<void> => {
      assertRole(await this.authenticator.authenticate(authorization, origin), 'admin');
    };
    takeTime(request);
    try {
      return await this.imports.run({ request: body, principal, judge });
    } finally {
      endTime(request);
      if (!body.readableEnded) linger(body);
    }
  }
}

function linger(body: IncomingMessage): void {
  const timer = setTimeout(() => body.socket.destroy(), LINGER_MS).unref();
  body.once('close', () => clearTimeout(timer));
  body.once('end', () => clearTimeout(timer));
  // Whoever read the lines may wait for the next one still, and then it would not flow.
  body.removeAllListeners('readable');
  setImmediate(() => body.resume());
}
