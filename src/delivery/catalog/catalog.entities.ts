import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Host, Tier } from './catalog.model.js';

@Entity('environments')
export class EnvironmentEntity {
  @PrimaryColumn('text')
  slug!: string;

  @Column('text')
  tier!: Tier;

  @Column('text')
  description!: string;

  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt!: Date;

  @Column({ type: 'timestamptz', name: 'updated_at', precision: 3 })
  updatedAt!: Date;
}

@Entity('services')
export class ServiceEntity {
  @PrimaryColumn('text')
  slug!: string;

  @Column('text')
  description!: string;

  @Column('text', { nullable: true })
  repository!: string | null;

  @Column('text', { nullable: true })
  owner!: string | null;

  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt!: Date;

  @Column({ type: 'timestamptz', name: 'updated_at', precision: 3 })
  updatedAt!: Date;
}

@Entity('slots')
export class SlotEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  service!: string;

  @Column('text')
  environment!: string;

  /** `json`, not `jsonb`: it gives the members back in the order in which they were put, and so the same ETag. */
  @Column('json', { nullable: true })
  hosts!: Host[] | null;

  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt!: Date;

  @Column({ type: 'timestamptz', name: 'updated_at', precision: 3 })
  updatedAt!: Date;
}
