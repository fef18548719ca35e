import { Controller, Get, Headers, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { assertServiceAllowed } from '../../platform/auth/access.js';
import { authorizationOf } from '../../platform/auth/authorization.js';
import { Authenticator } from '../../platform/auth/authenticator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { Caller, Requires, TakesCookie } from '../../platform/auth/requires.js';
import { EventStreams } from './event-streams.js';
import { type EventsQuery, eventsQuery } from './events.dto.js';

const MIME_TYPE = 'text/event-stream';

@ApiTags('Events')
@Controller('v1/events')
export class EventsController {
  constructor(
    private readonly streams: EventStreams,
    private readonly authenticator: Authenticator,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Follow events as they happen' })
  @Requires('viewer')
  @TakesCookie()
  @ApiProduces(MIME_TYPE)
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'Goes on after the event of this id.' })
  @ApiOkResponse({ content: { [MIME_TYPE]: { schema: { type: 'string' } } }, description: 'Events as they happen.' })
  async events(
    @Query({ schema: eventsQuery }) query: EventsQuery,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Caller() principal: Principal,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const service = query.service ?? principal.service ?? undefined;
    if (service !== undefined) assertServiceAllowed(principal, service);
    const authorization = authorizationOf(request);
    const stream = await this.streams.begin({
      filter: { ...query, service },
      after: positionOf(lastEventId),
      judge: () => this.authenticator.authenticate(authorization, () => ({ address: request.ip, route: '/v1/events' })),
    });
    // A proxy that buffers would keep events back.
    await reply
      .header('content-type', MIME_TYPE)
      .header('cache-control', 'no-store')
      .header('x-accel-buffering', 'no')
      .send(stream.body);
  }
}

/** Null for an id that none of our events has: then there is nothing to go on after. */
function positionOf(id: string | undefined): bigint | null {
  return id !== undefined && /^\d{1,18}$/.test(id) ? BigInt(id) : null;
}
