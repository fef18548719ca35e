import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { EnvironmentEntity, ServiceEntity } from './catalog.entities.js';
import type { Host, Slot, Tier } from './catalog.model.js';

export type { Host, Slot, Tier } from './catalog.model.js';
export { TIERS } from './catalog.model.js';
export { environmentPath, type EnvironmentPath, slotPath, type SlotPath } from './catalog.dto.js';

const SLOT = `select s.id, s.service, s.environment, e.tier, s.hosts
  from slots s join environments e on e.slug = s.environment`;

/** What the other features may ask of the catalogue. Every answer comes from the handle that is given. */
@Injectable()
export class CatalogReader {
  async environment(handle: EntityManager, slug: string): Promise<EnvironmentEntity | null> {
    return handle.getRepository(EnvironmentEntity).findOneBy({ slug });
  }

  async service(handle: EntityManager, slug: string): Promise<ServiceEntity | null> {
    return handle.getRepository(ServiceEntity).findOneBy({ slug });
  }

  /** The slot, or null where nothing used it yet; that says nothing of its service and environment. */
  async findSlot(handle: EntityManager, service: string, environment: string): Promise<Slot | null> {
    return this.one(handle, `${SLOT} where s.service = $1 and s.environment = $2`, [service, environment]);
  }

  async slotById(handle: EntityManager, id: string): Promise<Slot | null> {
    return this.one(handle, `${SLOT} where s.id = $1`, [id]);
  }

  private async one(handle: EntityManager, sql: string, values: string[]): Promise<Slot | null> {
    const rows = await handle.query<
      { id: string; service: string; environment: string; tier: Tier; hosts: Host[] | null }[]
    >(sql, values);
    return rows[0] ?? null;
  }
}
