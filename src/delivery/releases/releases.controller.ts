import { Body, Controller, Get, Param, Put, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Principal } from '../../platform/auth/principal.js';
import { Caller, Requires } from '../../platform/auth/requires.js';
import { Database } from '../../platform/database/database.js';
import { BodyLimit } from '../../platform/http/body-limit.js';
import { WithEtag } from '../../platform/http/etag.js';
import { decodeCursor, type Page, toPage } from '../../platform/http/page.js';
import { Refuses } from '../../platform/http/problems/refuses.js';
import type { ReleaseEntity, ReleaseSummary } from './release.entity.js';
import * as dto from './releases.dto.js';
import { releasesErrors } from './releases.errors.js';
import { ReleasesService } from './releases.service.js';

@ApiTags('Releases')
@Controller('v1/services/:service/releases')
export class ReleasesController {
  constructor(
    private readonly database: Database,
    private readonly releases: ReleasesService,
  ) {}

  @Put(':digest')
  @ApiOperation({ summary: 'Register a release, which never changes' })
  @BodyLimit(1024)
  @Requires('deployer')
  @Refuses(releasesErrors.releaseDiffers)
  @ApiOkResponse({ standardSchema: dto.releaseView })
  @ApiCreatedResponse({ standardSchema: dto.releaseView })
  async put(
    @Param({ schema: dto.releasePath }) { service, digest }: dto.ReleasePath,
    @Body({ schema: dto.releaseBody }) body: dto.ReleaseBody,
    @Caller() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<dto.ReleaseView> {
    const { release, isNew } = await this.database.transaction((tx) =>
      this.releases.put(tx, principal, service, digest, body),
    );
    reply.status(isNew ? 201 : 200);
    return viewOf(release);
  }

  @Get(':digest')
  @ApiOperation({ summary: 'Read a release with its commits' })
  @Requires('viewer')
  @Refuses(releasesErrors.releaseNotFound)
  @WithEtag()
  @ApiOkResponse({ standardSchema: dto.releaseView })
  async get(@Param({ schema: dto.releasePath }) { service, digest }: dto.ReleasePath): Promise<dto.ReleaseView> {
    return this.database.read(async (handle) => viewOf(await this.releases.get(handle, service, digest)));
  }

  @Get()
  @ApiOperation({ summary: 'List the releases of a service, newest first' })
  @Requires('viewer')
  @ApiOkResponse({ standardSchema: dto.releasesView })
  async list(
    @Param({ schema: dto.releasesPath }) { service }: dto.ReleasesPath,
    @Query({ schema: dto.releasesQuery }) { cursor, limit }: dto.ReleasesQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Page<dto.ReleaseSummaryView>> {
    const after = decodeCursor(cursor, reply);
    const found = await this.database.read((handle) => this.releases.list(handle, service, after, limit));
    return toPage(found, limit, reply, summaryOf);
  }
}

function viewOf(release: ReleaseEntity): dto.ReleaseView {
  const { createdAt, ...content } = contentOf(release);
  return { ...content, commits: release.commits, createdAt };
}

function summaryOf(release: ReleaseSummary): dto.ReleaseSummaryView {
  const { createdAt, ...content } = contentOf(release);
  return { ...content, commitCount: release.commitCount, createdAt };
}

function contentOf({
  service,
  digest,
  version,
  gitSha,
  builtAt,
  createdAt,
}: Omit<ReleaseEntity, 'commits' | 'commitCount'>) {
  return {
    service,
    digest,
    version,
    gitSha,
    builtAt: builtAt && builtAt.toISOString(),
    createdAt: createdAt.toISOString(),
  };
}
