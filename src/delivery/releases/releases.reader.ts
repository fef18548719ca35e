import { Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import { ReleaseEntity } from './release.entity.js';
import type { ReleaseReference } from './release.model.js';

export type { ReleaseReference } from './release.model.js';

/** A release as other features hold it: its id, and how it is named to others. */
export interface KnownRelease extends ReleaseReference {
  readonly id: string;
}

/** What the other features may ask about releases. */
@Injectable()
export class ReleasesReader {
  async find(handle: EntityManager, service: string, digest: string): Promise<KnownRelease | null> {
    const release = await handle.getRepository(ReleaseEntity).findOne({
      select: { id: true, digest: true, version: true, gitSha: true },
      where: { service, digest },
    });
    return release && known(release);
  }

  /** Releases by id; ids that are not there are not in the answer. */
  async byIds(handle: EntityManager, ids: readonly string[]): Promise<Map<string, KnownRelease>> {
    if (ids.length === 0) return new Map();
    const found = await handle.getRepository(ReleaseEntity).find({
      select: { id: true, digest: true, version: true, gitSha: true },
      where: { id: In([...new Set(ids)]) },
    });
    return new Map(found.map((release) => [release.id, known(release)]));
  }
}

function known({ id, digest, version, gitSha }: ReleaseEntity): KnownRelease {
  return { id, digest, version, gitSha };
}
