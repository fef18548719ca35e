import { z } from 'zod';
import { digest, instant, slug, text, uuid } from '../../platform/http/fields.js';
import { pageQuery } from '../../platform/http/page.js';
import { DEPLOYMENT_KINDS, DEPLOYMENT_STATES, VERDICTS } from './deployment.model.js';

/** A reason that a person or a pipeline gives. */
export const why = text(1000, 1);
const fence = z.int().min(0).nullable();

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

export const verdictQuery = z.strictObject({ wait: z.coerce.number().int().min(0).max(60).default(0) });
export type VerdictQuery = z.output<typeof verdictQuery>;

export const time = z.iso.datetime().nullable();

export const releaseReference = z
  .object({ digest: z.string(), version: z.string(), gitSha: z.string() })
  .meta({ id: 'ReleaseReference' });

export const reason = z
  .object({ code: z.string(), check: z.string().optional(), host: z.string().optional(), detail: z.string() })
  .meta({ id: 'Reason' });

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

export const deploymentsView = z.object({ items: z.array(deploymentView) }).meta({ id: 'Deployments' });

export const verdictView = z
  .object({
    verdict: z.enum(VERDICTS),
    state: z.enum(DEPLOYMENT_STATES),
    rollbackTo: z.object({ digest: z.string(), version: z.string() }).nullable(),
    reasons: z.array(reason),
    progress: z.object({ done: z.int(), planned: z.int() }),
  })
  .meta({ id: 'Verdict' });
export type VerdictView = z.output<typeof verdictView>;

export const measurementsView = z
  .object({
    items: z.array(
      z.object({
        check: z.string(),
        host: z.string().nullable(),
        n: z.int(),
        dueAt: z.iso.datetime(),
        measuredAt: time,
        outcome: z.enum(['pass', 'fail', 'no_data', 'error', 'missed']),
        value: z.number().nullable(),
        detail: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'Measurements' });
export type MeasurementsView = z.output<typeof measurementsView>;
