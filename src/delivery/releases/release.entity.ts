import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Commit } from './release.model.js';

@Entity('releases')
export class ReleaseEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  service!: string;

  @Column('text')
  digest!: string;

  @Column('text')
  version!: string;

  @Column('text', { name: 'git_sha' })
  gitSha!: string;

  @Column({ type: 'timestamptz', name: 'built_at', precision: 3, nullable: true })
  builtAt!: Date | null;

  /** `json`, not `jsonb`: the order of a commit's keys is kept, so that contents compare as they were written. */
  @Column('json')
  commits!: Commit[];

  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt!: Date;
}
