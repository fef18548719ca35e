import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { decodeCursor, type Page, toPage } from '../http/page.js';
import type { Principal } from './principal.js';
import { Caller, Requires } from './requires.js';
import * as dto from './tokens.dto.js';
import { TokensService, viewOf } from './tokens.service.js';

@ApiTags('tokens')
@Controller('v1/tokens')
export class TokensController {
  constructor(private readonly tokens: TokensService) {}

  @Post()
  @Requires('admin')
  @ApiOperation({ summary: 'Make a token, which is shown this once' })
  @ApiCreatedResponse({ standardSchema: dto.newTokenView })
  create(
    @Caller() principal: Principal,
    @Body({ schema: dto.createTokenBody }) body: dto.CreateToken,
  ): Promise<dto.NewTokenView> {
    return this.tokens.create(principal, body);
  }

  @Get()
  @Requires('admin')
  @ApiOperation({ summary: 'List the valid tokens, without what they are' })
  @ApiOkResponse({ standardSchema: dto.tokenPage })
  async list(
    @Caller() principal: Principal,
    @Query({ schema: dto.listTokensQuery }) { cursor, limit }: dto.ListTokens,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Page<dto.TokenView>> {
    return toPage(await this.tokens.list(principal, decodeCursor(cursor, reply), limit), limit, reply, viewOf);
  }

  @Get('current')
  @Requires('viewer')
  @ApiOperation({ summary: 'Say whose token this request has, and what it may do' })
  @ApiOkResponse({ standardSchema: dto.currentTokenView })
  current(@Caller() { name, role, service }: Principal): dto.CurrentTokenView {
    return { name, role, service };
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('admin')
  @ApiOperation({ summary: 'Revoke a token, effective at once' })
  @ApiNoContentResponse()
  async revoke(@Caller() principal: Principal, @Param('id', { schema: dto.tokenId }) id: string): Promise<void> {
    await this.tokens.revoke(principal, id);
  }
}
