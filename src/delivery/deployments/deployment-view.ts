import type { KnownRelease, ReleaseReference } from '../releases/releases.reader.js';
import type { DeploymentEntity } from './deployment.entity.js';
import { verdictOf } from './deployment.model.js';
import type { DeploymentView, VerdictView } from './deployments.dto.js';
import type { VerdictRow } from './deployments.reader.js';

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

/** The verdict as pipelines read it. */
export function viewOfVerdict(row: VerdictRow): VerdictView {
  const { rollbackToDigest: digest, rollbackToVersion: version } = row;
  return {
    verdict: verdictOf(row.state),
    state: row.state,
    rollbackTo: digest !== null && version !== null ? { digest, version } : null,
    reasons: row.reasons,
    progress: { done: row.done ?? 0, planned: row.planned ?? 0 },
  };
}

export function referenceTo({ digest, version, gitSha }: ReleaseReference): ReleaseReference {
  return { digest, version, gitSha };
}

function timeOf(time: Date | null): string | null {
  return time && time.toISOString();
}
