import { Injectable } from '@nestjs/common';
import { randomUUIDv7 } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { AuditLog } from '../../platform/audit/audit-log.js';
import type { Principal } from '../../platform/auth/principal.js';
import { Clock } from '../../platform/clock.js';
import type { Keyset } from '../../platform/http/page.js';
import { Slots } from '../catalog/catalog.events.js';
import { ReleaseEntity, type ReleaseSummary } from './release.entity.js';
import { canonicalContent, type ReleaseContent } from './release.model.js';
import type { ReleaseBody } from './releases.dto.js';
import { releaseDiffers, releaseNotFound } from './releases.errors.js';

const LIST = `
  select id, service, digest, version, git_sha as "gitSha", built_at as "builtAt", created_at as "createdAt",
         coalesce(commit_count, json_array_length(commits)) as "commitCount"
    from releases
   where service = $1 and ($2::timestamptz is null or (created_at, id) < ($2, $3::uuid))
   order by created_at desc, id desc limit $4`;

/** Releases: put once, never changed. */
@Injectable()
export class ReleasesService {
  constructor(
    private readonly slots: Slots,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /**
   * Registers a release. The same one again is welcome and changes nothing.
   * @throws DomainError `service-not-found`; `release-differs`, naming the fields
   */
  async put(
    tx: EntityManager,
    principal: Principal,
    service: string,
    digest: string,
    body: ReleaseBody,
  ): Promise<{ release: ReleaseEntity; isNew: boolean }> {
    await this.slots.service(tx, service);
    const content = canonicalContent(body);
    const isNew = await this.insert(tx, service, digest, content);
    const release = await this.get(tx, service, digest);
    const known = { ...release, builtAt: release.builtAt?.toISOString() ?? null };
    const difference = isNew ? null : releaseDiffers(known, content);
    if (difference) throw difference;
    if (isNew) await this.recordNew(tx, principal, release);
    return { release, isNew };
  }

  /** @throws DomainError `service-not-found`, `release-not-found` */
  async get(handle: EntityManager, service: string, digest: string): Promise<ReleaseEntity> {
    const release = await handle.getRepository(ReleaseEntity).findOneBy({ service, digest });
    if (release) return release;
    await this.slots.service(handle, service);
    throw releaseNotFound(service, digest);
  }

  /** Newest first; one more than `limit`. @throws DomainError `service-not-found` */
  async list(handle: EntityManager, service: string, after: Keyset | null, limit: number): Promise<ReleaseSummary[]> {
    await this.slots.service(handle, service);
    return handle.query<ReleaseSummary[]>(LIST, [service, after?.createdAt ?? null, after?.id ?? null, limit + 1]);
  }

  /** The unique index decides between two that put the same digest at once. */
  private async insert(tx: EntityManager, service: string, digest: string, content: ReleaseContent): Promise<boolean> {
    const rows = await tx.query<object[]>(
      `insert into releases (id, service, digest, version, git_sha, built_at, commits, commit_count, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, json_array_length($7), $8) on conflict (service, digest) do nothing returning id`,
      [
        randomUUIDv7(),
        service,
        digest,
        content.version,
        content.gitSha,
        content.builtAt,
        JSON.stringify(content.commits),
        this.clock.now(),
      ],
    );
    return rows.length > 0;
  }

  private async recordNew(tx: EntityManager, principal: Principal, release: ReleaseEntity): Promise<void> {
    const { service, digest, version, gitSha } = release;
    await this.audit.record(tx, {
      principal,
      action: 'release.put',
      subject: `services/${service}/releases/${digest}`,
      before: null,
      after: { version, gitSha, commits: release.commits.length },
    });
  }
}
