import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Commit } from './release.model.js';

/** A release as lists show it: 200 of them with all their commits would be 200 MB. */
export type ReleaseSummary = Omit<ReleaseEntity, 'commits' | 'commitCount'> & { readonly commitCount: number };

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

  /** Null where a version put it that did not count them yet. */
  @Column('integer', { name: 'commit_count', nullable: true })
  commitCount!: number | null;

  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt!: Date;
}
