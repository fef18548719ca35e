import { z } from 'zod';
import { digest, instant, slug, text } from '../../platform/http/input/fields.js';
import {
  DEPLOYMENT_KINDS,
  type ImportedDeployment,
  isFinal,
} from '../deployments/imports/deployment-imports.events.js';
import { releaseBody } from '../releases/releases.events.js';

const FINAL_STATES = [
  'promoted',
  'rejected',
  'failed',
  'cancelled',
  'superseded',
] as const satisfies readonly Parameters<typeof isFinal>[0][];

const externalId = text(200, 1);

export const releaseLine = z
  .strictObject({
    type: z.literal('release'),
    service: slug,
    digest,
    ...releaseBody.shape,
    createdAt: instant.optional(),
  })
  .meta({ id: 'ImportRelease' });
export type ReleaseLine = z.output<typeof releaseLine>;

export const deploymentLine = z
  .strictObject({
    type: z.literal('deployment'),
    externalId,
    service: slug,
    environment: slug,
    digest,
    kind: z.enum(DEPLOYMENT_KINDS).default('deploy'),
    state: z.enum(FINAL_STATES, 'must be a final state: promoted, rejected, failed, cancelled or superseded'),
    createdAt: instant,
    deployedAt: instant.nullable().default(null),
    finishedAt: instant,
    remediatesExternalId: externalId.nullable().default(null),
    hostsChanged: z.boolean().optional(),
    actor: text(200, 1).optional(),
    badReason: text(1000, 1).nullable().default(null),
  })
  .superRefine(faultsOfDeployment)
  .meta({ id: 'ImportDeployment' });
export type DeploymentLine = z.output<typeof deploymentLine>;

export const incidentLine = z
  .strictObject({
    type: z.literal('incident'),
    fingerprint: text(200, 1),
    service: slug.nullable().default(null),
    environment: slug.nullable().default(null),
    startsAt: instant,
    endsAt: instant.nullable().default(null),
    labels: z.record(text(1000), text(10_000)).default({}),
    deploymentExternalId: externalId.nullable().default(null),
    title: text(200, 1).optional(),
    attribution: z.literal('none').optional(),
    createdAt: instant.optional(),
  })
  .superRefine(({ startsAt, endsAt }, context) => {
    if (endsAt !== null && Date.parse(endsAt) < Date.parse(startsAt))
      at(context, 'endsAt', 'must not lie before startsAt');
  })
  .meta({ id: 'ImportIncident' });
export type IncidentLine = z.output<typeof incidentLine>;

/** One line of an import. */
export const importLine = z
  .discriminatedUnion('type', [releaseLine, deploymentLine, incidentLine], {
    error: 'must have a "type" of "release", "deployment" or "incident"',
  })
  .meta({ id: 'ImportLine' });
export type ImportLine = z.output<typeof importLine>;

export const importView = z
  .object({
    created: z.int(),
    existing: z.int(),
    refused: z.array(z.object({ line: z.int(), code: z.string(), detail: z.string() })),
    moreRefused: z.int().optional(),
  })
  .meta({ id: 'Import' });
export type ImportView = z.output<typeof importView>;

type Context = { addIssue: (issue: { code: 'custom'; path: string[]; message: string }) => void };

function at(context: Context, field: string, message: string): void {
  context.addIssue({ code: 'custom', path: [field], message });
}

/** Times that no deployment can have had. */
function faultsOfDeployment(
  {
    state,
    createdAt,
    deployedAt,
    finishedAt,
  }: Pick<ImportedDeployment, 'state' | 'createdAt' | 'deployedAt' | 'finishedAt'>,
  context: Context,
): void {
  const [created, finished] = [Date.parse(createdAt), Date.parse(finishedAt)];
  const deployed = deployedAt === null ? null : Date.parse(deployedAt);
  if (deployed === null && (state === 'promoted' || state === 'rejected')) {
    at(context, 'deployedAt', `is required of a deployment that was ${state}`);
  }
  if (deployed !== null && deployed < created) at(context, 'deployedAt', 'must not lie before createdAt');
  if (finished < Math.max(created, deployed ?? created)) {
    at(context, 'finishedAt', `must not lie before ${deployed === null ? 'createdAt' : 'createdAt and deployedAt'}`);
  }
}
