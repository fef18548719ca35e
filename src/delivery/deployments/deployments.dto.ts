import { Injectable, type PipeTransform } from '@nestjs/common';
import { z } from 'zod';
import { digest, instant, slug, text, uuid } from '../../platform/http/input/fields.js';
import { pageQuery } from '../../platform/http/page.js';
import type { KnownRelease, ReleaseReference } from '../releases/releases.reader.js';
import type { DeploymentEntity } from './deployment.entity.js';
import { DEPLOYMENT_KINDS, DEPLOYMENT_STATES, REASON_CODES, VERDICTS, verdictOf } from './deployment.model.js';
import { deploymentNotFound } from './deployments.errors.js';

/** A reason that a person or a pipeline gives. */
export const why = text(1000, 1);
const fence = z.int().min(0).nullable();

/** The id of a deployment in a path: what can be no id is a deployment that is not there. */
@Injectable()
export class DeploymentId implements PipeTransform<string, string> {
  transform(id: string): string {
    const parsed = uuid.safeParse(id);
    if (!parsed.success) throw deploymentNotFound(id.slice(0, 100));
    return parsed.data;
  }
}

export const createDeploymentBody = z
  .strictObject({
    service: slug,
    environment: slug,
    digest,
    kind: z
      .enum(['deploy', 'redeploy'], 'must be "deploy" or "redeploy"; a rollback has an endpoint of its own')
      .default('deploy'),
    externalId: text(200, 1).nullable().default(null),
    onConflict: z.enum(['fail', 'queue']).default('fail'),
    expectedPrevious: digest.nullable().default(null),
    sequenceKey: instant.nullable().default(null),
    retryOf: uuid.nullable().default(null),
    remediates: uuid.nullable().default(null),
    autoRollback: z.boolean().default(true),
    override: z.strictObject({ freeze: why }).nullable().default(null),
  })
  .meta({ id: 'CreateDeployment' });
export type CreateDeploymentBody = z.output<typeof createDeploymentBody>;

export const fenceBody = z.strictObject({ fence }).meta({ id: 'Fence' });
export type FenceBody = z.output<typeof fenceBody>;

export const failedBody = z
  .strictObject({ fence, reason: why, hostsChanged: z.boolean().default(true) })
  .meta({ id: 'DeploymentFailed' });
export type FailedBody = z.output<typeof failedBody>;

export const cancelBody = z
  .strictObject({ fence, reason: why, hostsChanged: z.boolean().default(true) })
  .meta({ id: 'CancelDeployment' });
export type CancelBody = z.output<typeof cancelBody>;

export const decisionBody = z
  .strictObject({ decision: z.enum(['promote', 'reject']), reason: why })
  .meta({ id: 'Decision' });
export type DecisionBody = z.output<typeof decisionBody>;

export const markBody = z.strictObject({ bad: z.boolean(), reason: why }).meta({ id: 'Mark' });
export type MarkBody = z.output<typeof markBody>;

export const deploymentsQuery = z.strictObject({
  ...pageQuery.shape,
  service: slug.optional(),
  environment: slug.optional(),
  state: z.enum(DEPLOYMENT_STATES).optional(),
});
export type DeploymentsQuery = z.output<typeof deploymentsQuery>;

export const time = z.iso.datetime().nullable();

export const releaseReference = z
  .object({ digest: z.string(), version: z.string(), gitSha: z.string() })
  .meta({ id: 'ReleaseReference' });

export const reason = z
  .object({ code: z.enum(REASON_CODES), check: z.string().optional(), host: z.string().optional(), detail: z.string() })
  .meta({ id: 'Reason' });

export const shadowVerdict = z
  .object({ verdict: z.enum(['promote', 'rollback', 'hold']), reasons: z.array(reason) })
  .meta({ id: 'ShadowVerdict', description: 'What a shadow gate would have said, once its run has ended.' });

const freezeDecision = z.object({
  frozen: z.boolean(),
  known: z.boolean(),
  override: z.object({ actor: z.string(), reason: z.string() }).nullable(),
  at: z.iso.datetime(),
});

export const deploymentView = z
  .object({
    id: z.uuid(),
    service: z.string(),
    environment: z.string(),
    kind: z.enum(DEPLOYMENT_KINDS),
    state: z.enum(DEPLOYMENT_STATES),
    fence: z.int().nullable(),
    sequence: z.int(),
    release: releaseReference,
    previousRelease: releaseReference.nullable(),
    verdict: z.enum(VERDICTS),
    reason: z.string().nullable(),
    reasons: z.array(reason),
    shadowVerdict: shadowVerdict.nullable(),
    actor: z.string(),
    externalId: z.string().nullable(),
    expectedPrevious: z.string().nullable(),
    sequenceKey: time,
    retryOf: z.uuid().nullable(),
    remediates: z.uuid().nullable(),
    rollbackReason: z.string().nullable(),
    autoRollback: z.boolean(),
    freezeDecision,
    hostsChanged: z.boolean().nullable(),
    imported: z.boolean(),
    bad: z.boolean(),
    badReason: z.string().nullable(),
    createdAt: z.iso.datetime(),
    queuedAt: time,
    startedAt: time,
    heartbeatAt: time,
    deployedAt: time,
    heldAt: time,
    finishedAt: time,
  })
  .meta({ id: 'Deployment' });
export type DeploymentView = z.output<typeof deploymentView>;

/** As lists show it: what a gate of 50 checks on 100 hosts has to say is half a megabyte. */
export const deploymentSummaryView = deploymentView
  .extend({
    reasons: z.array(reason).describe('The first 20.'),
    shadowVerdict: shadowVerdict.nullable().describe('With its first 20 reasons.'),
    reasonCount: z.int().describe('How many reasons the deployment itself has.'),
  })
  .meta({ id: 'DeploymentSummary' });
export type DeploymentSummaryView = z.output<typeof deploymentSummaryView>;

export const deploymentsView = z.object({ items: z.array(deploymentSummaryView) }).meta({ id: 'Deployments' });

/** The deployment as the API shows it. */
export function viewOfDeployment(
  deployment: DeploymentEntity,
  releases: ReadonlyMap<string, KnownRelease>,
): DeploymentView {
  const release = releases.get(deployment.releaseId);
  if (!release) throw new Error(`deployment ${deployment.id} has lost its release`);
  const previous = deployment.previousReleaseId === null ? undefined : releases.get(deployment.previousReleaseId);
  return {
    id: deployment.id,
    service: deployment.service,
    environment: deployment.environment,
    kind: deployment.kind,
    state: deployment.state,
    fence: deployment.fence,
    sequence: deployment.sequence,
    release: referenceTo(release),
    previousRelease: previous ? referenceTo(previous) : null,
    verdict: verdictOf(deployment.state),
    reason: deployment.reason,
    reasons: deployment.reasons,
    shadowVerdict: deployment.shadowVerdict,
    actor: deployment.actor,
    externalId: deployment.externalId,
    expectedPrevious: deployment.expectedPrevious,
    sequenceKey: timeOf(deployment.sequenceKey),
    retryOf: deployment.retryOf,
    remediates: deployment.remediates,
    rollbackReason: deployment.rollbackReason,
    autoRollback: deployment.autoRollback,
    freezeDecision: deployment.freezeDecision,
    hostsChanged: deployment.hostsChanged,
    imported: deployment.imported,
    bad: deployment.bad,
    badReason: deployment.badReason,
    createdAt: deployment.createdAt.toISOString(),
    queuedAt: timeOf(deployment.queuedAt),
    startedAt: timeOf(deployment.startedAt),
    heartbeatAt: timeOf(deployment.heartbeatAt),
    deployedAt: timeOf(deployment.deployedAt),
    heldAt: timeOf(deployment.heldAt),
    finishedAt: timeOf(deployment.finishedAt),
  };
}

function referenceTo(release: ReleaseReference): ReleaseReference {
  return { digest: release.digest, version: release.version, gitSha: release.gitSha };
}

function timeOf(date: Date | null): string | null {
  return date && date.toISOString();
}
