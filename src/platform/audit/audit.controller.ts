import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { assertServiceAllowed } from '../auth/access.js';
import type { Principal } from '../auth/principal.js';
import { Caller, Requires } from '../auth/requires.js';
import { decodeCursor, type Page, toPage } from '../http/page.js';
import {
  auditPage,
  type AuditEntryView,
  type AuditQuery,
  auditQuery,
  type AuditSealsQuery,
  auditSealsQuery,
  type AuditSealsView,
  auditSealsView,
} from './audit.dto.js';
import { AuditReader, type AuditRow } from './audit.reader.js';
import { AuditSealsReader } from './audit-seals.reader.js';

@ApiTags('Audit')
@Controller('v1/audit')
export class AuditController {
  constructor(
    private readonly reader: AuditReader,
    private readonly seals: AuditSealsReader,
  ) {}

  @Get()
  @Requires('operator')
  @ApiOperation({ summary: 'Who changed what, newest first' })
  @ApiOkResponse({ standardSchema: auditPage })
  async list(
    @Query({ schema: auditQuery }) { cursor, limit, ...filter }: AuditQuery,
    @Caller() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Page<AuditEntryView>> {
    // Entries are of all services, and do not say of which.
    assertServiceAllowed(principal, null);
    return toPage(await this.reader.list(filter, decodeCursor(cursor, reply), limit), limit, reply, viewOf);
  }

  @Get('seals')
  @Requires('operator')
  @ApiOperation({ summary: 'Verify the seals of the audit log, oldest first' })
  @ApiOkResponse({ standardSchema: auditSealsView })
  async verify(
    @Query({ schema: auditSealsQuery }) { after, limit }: AuditSealsQuery,
    @Caller() principal: Principal,
  ): Promise<AuditSealsView> {
    assertServiceAllowed(principal, null);
    return { items: await this.seals.verify(after, limit), unsealed: await this.seals.unsealed() };
  }
}

function viewOf({ id, createdAt, actor, action, subject, requestId, before, after }: AuditRow): AuditEntryView {
  return { id, at: createdAt.toISOString(), actor, action, subject, requestId, before, after };
}
