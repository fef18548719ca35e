import { randomUUIDv7 } from 'node:crypto';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { FreezeDecision } from '../freezes/freezes.reader.js';
import type { ShadowVerdict } from '../gates/gates.events.js';
import type { DeploymentEvent, DeploymentKind, DeploymentState, Reason } from './deployment.model.js';

@Entity('deployments')
export class DeploymentEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'slot_id' })
  slotId!: string;

  @Column('text')
  service!: string;

  @Column('text')
  environment!: string;

  @Column('text')
  kind!: DeploymentKind;

  @Column('uuid', { name: 'release_id' })
  releaseId!: string;

  /** What ran when this deployment started; null in the queue, and where nothing or nobody knows what ran. */
  @Column('uuid', { name: 'previous_release_id', nullable: true })
  previousReleaseId!: string | null;

  /** Counts the deployments of the slot, in the order in which they were asked for. */
  @Column('integer')
  sequence!: number;

  /** Counts the deployments of the slot that started; null until this one does. */
  @Column('integer', { nullable: true })
  fence!: number | null;

  @Column('text')
  state!: DeploymentState;

  /** Every event that moved this deployment, so that a repeated one is recognised whatever happened since. */
  @Column('text', { array: true })
  applied!: DeploymentEvent[];

  /** The code of the first of `reasons`. */
  @Column('text', { nullable: true })
  reason!: string | null;

  @Column('jsonb')
  reasons!: Reason[];

  /** What a shadow gate would have said; null where the gate decides, or has not said it yet. */
  @Column('jsonb', { name: 'shadow_verdict', nullable: true })
  shadowVerdict!: ShadowVerdict | null;

  /** The last known good at the moment of rejection: a verdict does not change with what happens later. */
  @Column('uuid', { name: 'rollback_to_release_id', nullable: true })
  rollbackToReleaseId!: string | null;

  /** Of a failed deployment: whether hosts may run something else now. */
  @Column('boolean', { name: 'hosts_changed', nullable: true })
  hostsChanged!: boolean | null;

  @Column('text')
  actor!: string;

  @Column('text', { name: 'external_id', nullable: true })
  externalId!: string | null;

  @Column('uuid', { name: 'retry_of', nullable: true })
  retryOf!: string | null;

  @Column('uuid', { nullable: true })
  remediates!: string | null;

  /** What the person or pipeline that asked for a rollback gave as its reason. */
  @Column('text', { name: 'rollback_reason', nullable: true })
  rollbackReason!: string | null;

  @Column('boolean', { name: 'auto_rollback' })
  autoRollback!: boolean;

  @Column('text', { name: 'expected_previous', nullable: true })
  expectedPrevious!: string | null;

  @Column({ type: 'timestamptz', name: 'sequence_key', precision: 3, nullable: true })
  sequenceKey!: Date | null;

  @Column('jsonb', { name: 'freeze_decision' })
  freezeDecision!: FreezeDecision;

  /** Whether another tool made it, and its history was imported. It has no fence, and moves none. */
  @Column('boolean', { default: false })
  imported!: boolean;

  /** Of an imported one: whether its slot had no deployment of its own by then, so that it says what the slot runs. */
  @Column('boolean', { default: false })
  leads!: boolean;

  @Column('boolean')
  bad!: boolean;

  @Column('text', { name: 'bad_reason', nullable: true })
  badReason!: string | null;

  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt!: Date;

  @Column({ type: 'timestamptz', name: 'queued_at', precision: 3, nullable: true })
  queuedAt!: Date | null;

  @Column({ type: 'timestamptz', name: 'started_at', precision: 3, nullable: true })
  startedAt!: Date | null;

  @Column({ type: 'timestamptz', name: 'heartbeat_at', precision: 3, nullable: true })
  heartbeatAt!: Date | null;

  @Column({ type: 'timestamptz', name: 'deployed_at', precision: 3, nullable: true })
  deployedAt!: Date | null;

  @Column({ type: 'timestamptz', name: 'held_at', precision: 3, nullable: true })
  heldAt!: Date | null;

  @Column({ type: 'timestamptz', name: 'finished_at', precision: 3, nullable: true })
  finishedAt!: Date | null;
}

type Essential = 'slotId' | 'service' | 'environment' | 'kind' | 'releaseId' | 'actor' | 'freezeDecision' | 'createdAt';

const BLANK: Omit<DeploymentEntity, Essential | 'id'> = {
  previousReleaseId: null,
  sequence: 0,
  fence: null,
  state: 'queued',
  applied: [],
  reason: null,
  reasons: [],
  shadowVerdict: null,
  rollbackToReleaseId: null,
  hostsChanged: null,
  externalId: null,
  retryOf: null,
  remediates: null,
  rollbackReason: null,
  autoRollback: true,
  expectedPrevious: null,
  sequenceKey: null,
  imported: false,
  leads: false,
  bad: false,
  badReason: null,
  queuedAt: null,
  startedAt: null,
  heartbeatAt: null,
  deployedAt: null,
  heldAt: null,
  finishedAt: null,
};

/** A deployment that has no place yet: whoever admits it gives it a state, a sequence and, when it starts, a fence. */
export function newDeployment(fields: Pick<DeploymentEntity, Essential> & Partial<DeploymentEntity>): DeploymentEntity {
  return Object.assign(new DeploymentEntity(), BLANK, { id: randomUUIDv7() }, fields);
}
