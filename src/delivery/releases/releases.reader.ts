import { Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import { z } from 'zod';
import type { Cache } from '../../platform/cache/cache.js';
import { Caches } from '../../platform/cache/caches.js';
import { ReleaseEntity } from './release.entity.js';
import type { ReleaseReference } from './release.model.js';

export type { ReleaseReference } from './release.model.js';

/** A release as other features hold it: its id, and how it is named to others. */
export interface KnownRelease extends ReleaseReference {
  readonly id: string;
}

const knownRelease: z.ZodType<KnownRelease> = z.object({
  id: z.string(),
  digest: z.string(),
  version: z.string(),
  gitSha: z.string(),
});

/** What the other features may ask about releases. */
@Injectable()
export class ReleasesReader {
  private readonly cache: Cache<KnownRelease>;

  constructor(caches: Caches) {
    this.cache = caches.ofWhatStays('releases', knownRelease, { most: 10_000 });
  }

  async find(handle: EntityManager, service: string, digest: string): Promise<KnownRelease | null> {
    const release = await handle.getRepository(ReleaseEntity).findOne({
      select: { id: true, digest: true, version: true, gitSha: true },
      where: { service, digest },
    });
    return release && known(release);
  }

  /** The newest release of the service that was made of this commit. */
  async ofCommit(handle: EntityManager, service: string, gitSha: string): Promise<KnownRelease | null> {
    const release = await handle.getRepository(ReleaseEntity).findOne({
      select: { id: true, digest: true, version: true, gitSha: true },
      where: { service, gitSha },
      order: { createdAt: 'desc' },
    });
    return release && known(release);
  }

  /** Releases by id; ids that are not there are not in the answer. Outside a transaction most cost no query. */
  async byIds(handle: EntityManager, ids: readonly string[]): Promise<Map<string, KnownRelease>> {
    const distinct = [...new Set(ids)];
    // Whoever holds locks must not wait for what others load.
    return handle.queryRunner ? read(handle, distinct) : this.cache.getMany(distinct, (few) => read(handle, few));
  }
}

async function read(handle: EntityManager, ids: readonly string[]): Promise<Map<string, KnownRelease>> {
  if (ids.length === 0) return new Map();
  const found = await handle.getRepository(ReleaseEntity).find({
    select: { id: true, digest: true, version: true, gitSha: true },
    where: { id: In([...ids]) },
  });
  return new Map(found.map((release) => [release.id, known(release)]));
}

function known({ id, digest, version, gitSha }: ReleaseEntity): KnownRelease {
  return { id, digest, version, gitSha };
}
