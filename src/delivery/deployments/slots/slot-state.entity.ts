import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Running } from '../deployment.model.js';

/** The row that every change of a slot's deployments locks first. */
@Entity('slot_states')
export class SlotStateEntity {
  @PrimaryColumn('uuid', { name: 'slot_id' })
  slotId!: string;

  @Column('integer')
  fence!: number;

  @Column('integer')
  sequence!: number;

  @Column('uuid', { name: 'running_release_id', nullable: true })
  runningReleaseId!: string | null;

  @Column('text', { name: 'running_release_state' })
  runningReleaseState!: Running['state'];

  @Column({ type: 'timestamptz', name: 'running_sequence_key', precision: 3, nullable: true })
  runningSequenceKey!: Date | null;
}
