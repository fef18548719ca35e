import { randomUUIDv7 } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../platform/clock.js';
import type { DomainError } from '../../platform/http/problems/domain-error.js';
import { validationFailed } from '../../platform/http/problems/http.errors.js';
import { CatalogReader } from '../catalog/catalog.reader.js';
import { ReleaseEntity } from './release.entity.js';
import { canonicalContent, type ReleaseContent } from './release.model.js';
import { releaseDiffers } from './releases.errors.js';

export { releaseBody } from './releases.dto.js';

/** A release of another ledger; `createdAt` is when it was put there, if that is known. */
export interface ImportedRelease extends ReleaseContent {
  readonly service: string;
  readonly digest: string;
  readonly createdAt?: string | undefined;
}

const ADD = `
  insert into releases (id, service, digest, version, git_sha, built_at, commits, commit_count, created_at)
  select id, service, digest, version, "gitSha", "builtAt", commits, json_array_length(commits), "createdAt"
  from json_to_recordset($1) as r(id uuid, service text, digest text, version text, "gitSha" text,
    "builtAt" timestamptz, commits json, "createdAt" timestamptz)
  on conflict (service, digest) do nothing returning service, digest`;

const FIND = `
  select service, digest, version, git_sha as "gitSha", built_at as "builtAt", commits
  from releases where (service, digest) in (select * from unnest($1::text[], $2::text[]))`;

const keyOf = ({ service, digest }: Pick<ImportedRelease, 'service' | 'digest'>): string => `${service} ${digest}`;

/** Registers releases as they stand in another ledger. */
@Injectable()
export class ReleaseImports {
  constructor(
    private readonly catalog: CatalogReader,
    private readonly clock: Clock,
  ) {}

  /** What became of each, in their order: those that are known stay as they are; a refusal is of one of them alone. */
  async take(
    tx: EntityManager,
    releases: readonly ImportedRelease[],
  ): Promise<('created' | 'existing' | DomainError)[]> {
    const services = await this.servicesOf(tx, releases);
    const made = await this.add(
      tx,
      releases.filter(({ service }) => services.has(service)),
    );
    const fresh = new Set(made);
    const known = new Map<string, ReleaseContent>();
    const others = releases.filter((release) => !fresh.delete(keyOf(release)) && services.has(release.service));
    for (const found of await find(tx, others)) known.set(keyOf(found), found);
    const created = new Set(made);
    return releases.map((release) => {
      if (!services.has(release.service)) return unknownService(release.service);
      if (created.delete(keyOf(release))) return 'created';
      return judge(known.get(keyOf(release)), release);
    });
  }

  private async servicesOf(tx: EntityManager, releases: readonly ImportedRelease[]): Promise<Set<string>> {
    const found = new Set<string>();
    for (const service of new Set(releases.map((release) => release.service))) {
      if (await this.catalog.service(tx, service)) found.add(service);
    }
    return found;
  }

  /** In the order of their keys, so that two imports of the same releases do not wait for each other. */
  private async add(tx: EntityManager, releases: readonly ImportedRelease[]): Promise<string[]> {
    if (releases.length === 0) return [];
    const now = this.clock.now().toISOString();
    const rows = releases.map(({ service, digest, createdAt = now, ...content }) => {
      return { id: randomUUIDv7(), service, digest, createdAt, ...canonicalContent(content) };
    });
    const sorted = rows.sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
    const added = await tx.query<{ service: string; digest: string }[]>(ADD, [JSON.stringify(sorted)]);
    return added.map(keyOf);
  }
}

async function find(tx: EntityManager, releases: readonly ImportedRelease[]) {
  if (releases.length === 0) return [];
  type Found = Pick<ReleaseEntity, 'service' | 'digest' | 'version' | 'gitSha' | 'builtAt' | 'commits'>;
  const values = [releases.map(({ service }) => service), releases.map(({ digest }) => digest)];
  const found = await tx.query<Found[]>(FIND, values);
  return found.map(({ service, digest, version, gitSha, builtAt, commits }) => {
    return { service, digest, version, gitSha, builtAt: builtAt?.toISOString() ?? null, commits };
  });
}

function judge(known: ReleaseContent | undefined, release: ImportedRelease): 'existing' | DomainError {
  if (!known) throw new Error(`the release ${release.digest} was there and is gone`);
  return releaseDiffers(known, release) ?? 'existing';
}

function unknownService(service: string): DomainError {
  const detail = `There is no service "${service}"; PUT /v1/services/${service} first`;
  return validationFailed([{ pointer: '/service', detail }]);
}
