import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AttributionKind } from './incident.model.js';

@Entity('incidents')
export class IncidentEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  fingerprint!: string;

  @Column({ type: 'timestamptz', name: 'starts_at', precision: 3 })
  startsAt!: Date;

  /** The start of the newest alert that belongs to it; `startsAt` until it is reopened. */
  @Column({ type: 'timestamptz', name: 'latest_starts_at', precision: 3 })
  latestStartsAt!: Date;

  /** Null while it fires. */
  @Column({ type: 'timestamptz', name: 'ends_at', precision: 3, nullable: true })
  endsAt!: Date | null;

  @Column({ type: 'timestamptz', name: 'reopened_at', precision: 3, nullable: true })
  reopenedAt!: Date | null;

  @Column('text')
  title!: string;

  @Column('jsonb')
  labels!: Record<string, string>;

  /** Null, as the environment, where the alert has no such label. */
  @Column('text', { nullable: true })
  service!: string | null;

  @Column('text', { nullable: true })
  environment!: string | null;

  @Column('uuid', { name: 'deployment_id', nullable: true })
  deploymentId!: string | null;

  @Column('text')
  attribution!: AttributionKind;

  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt!: Date;
}
