import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { FreezeTimes, WeeklyWindow } from './freeze.model.js';

/** A planned freeze: it is made and deleted, never changed. */
@Entity('freezes')
export class FreezeEntity {
  @PrimaryColumn('uuid')
  id!: string;

  /** Null for all. */
  @Column('text', { nullable: true })
  environment!: string | null;

  @Column('text', { nullable: true })
  service!: string | null;

  /** A window has both, a weekly one has neither. */
  @Column({ type: 'timestamptz', name: 'starts_at', precision: 3, nullable: true })
  startsAt!: Date | null;

  @Column({ type: 'timestamptz', name: 'ends_at', precision: 3, nullable: true })
  endsAt!: Date | null;

  @Column('jsonb', { nullable: true })
  weekly!: WeeklyWindow | null;

  @Column('text')
  reason!: string;

  @Column('text')
  actor!: string;

  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt!: Date;
}

export function timesOf({ id, startsAt, endsAt, weekly }: FreezeEntity): FreezeTimes {
  if (weekly) return { from: null, to: null, weekly };
  if (startsAt && endsAt) return { from: startsAt, to: endsAt, weekly: null };
  throw new Error(`freeze ${id} has no times`);
}
