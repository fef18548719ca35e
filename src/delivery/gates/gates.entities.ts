import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { GateReason, GateVerdict, MeasurementOutcome } from './gate-run.model.js';

@Entity('gate_specifications')
export class GateSpecificationEntity {
  @PrimaryColumn('uuid', { name: 'slot_id' })
  slotId!: string;

  @Column('json')
  specification!: object;

  @Column({ type: 'timestamptz', name: 'updated_at', precision: 3 })
  updatedAt!: Date;
}

/**
 * An instance that watches gate runs. Its row is its lease: once the row is deleted, every write of that engine is
 * refused.
 */
@Entity('gate_engines')
export class GateEngineEntity {
  @PrimaryColumn('uuid')
  id!: string;

  /** By the clock of the instance, like all times of a gate run. */
  @Column({ type: 'timestamptz', name: 'seen_at', precision: 3 })
  seenAt!: Date;

  /** By the clock of the database, the only one that all instances share. */
  @Column({ type: 'timestamptz', name: 'lease_until', precision: 3 })
  leaseUntil!: Date;
}

@Entity('gate_runs')
export class GateRunEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'deployment_id', unique: true })
  deploymentId!: string;

  @Column('uuid', { name: 'slot_id' })
  slotId!: string;

  @Column('jsonb')
  plan!: object;

  @Column({ type: 'timestamptz', name: 'deployed_at', precision: 3 })
  deployedAt!: Date;

  @Column({ type: 'timestamptz', name: 'identity_ends_at', precision: 3, nullable: true })
  identityEndsAt!: Date | null;

  @Column('text', { name: 'identified_hosts', array: true })
  identifiedHosts!: string[];

  @Column({ type: 'timestamptz', name: 'bake_begins_at', precision: 3, nullable: true })
  bakeBeginsAt!: Date | null;

  @Column({ type: 'timestamptz', name: 'bake_ends_at', precision: 3, nullable: true })
  bakeEndsAt!: Date | null;

  @Column('integer', { name: 'moved_ms' })
  movedMs!: number;

  @Column({ type: 'timestamptz', precision: 3 })
  deadline!: Date;

  @Column('integer')
  planned!: number;

  @Column('integer')
  done!: number;

  @Column('uuid', { name: 'engine_id', nullable: true })
  engineId!: string | null;

  /**
   * How often an engine failed with this run. It counts before the takeover, because the takeover may kill the process.
   */
  @Column('integer', { default: 0 })
  failures!: number;

  @Column({ type: 'timestamptz', name: 'unwatched_since', precision: 3, nullable: true })
  unwatchedSince!: Date | null;

  @Column('text', { nullable: true })
  verdict!: GateVerdict | null;

  @Column('jsonb', { nullable: true })
  reasons!: GateReason[] | null;

  @Column('jsonb', { nullable: true })
  means!: Record<string, number> | null;

  @Column('boolean')
  promoted!: boolean;

  @Column({ type: 'timestamptz', name: 'ended_at', precision: 3, nullable: true })
  endedAt!: Date | null;

  /** False once retention has deleted them. */
  @Column('boolean', { name: 'measurements_kept', default: true })
  measurementsKept!: boolean;
}

@Entity('measurements')
export class MeasurementEntity {
  @PrimaryColumn('uuid', { name: 'gate_run_id' })
  gateRunId!: string;

  @PrimaryColumn('text', { name: 'check_name' })
  check!: string;

  /** Empty for a check that is planned once and not per host. */
  @PrimaryColumn('text')
  host!: string;

  @PrimaryColumn('integer')
  n!: number;

  @Column('uuid')
  id!: string;

  @Column({ type: 'timestamptz', name: 'due_at', precision: 3 })
  dueAt!: Date;

  @Column({ type: 'timestamptz', name: 'measured_at', precision: 3, nullable: true })
  measuredAt!: Date | null;

  @Column('text')
  outcome!: MeasurementOutcome;

  @Column('double precision', { nullable: true })
  value!: number | null;

  @Column('text', { nullable: true })
  detail!: string | null;
}
