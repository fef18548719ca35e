import { z } from 'zod';
import { digest, slug, text } from '../../platform/http/fields.js';
import { DEPLOYMENT_KINDS, DEPLOYMENT_STATES, VERDICTS } from './deployment.model.js';
import { releaseReference, time, why } from './deployments.dto.js';

export const slotPath = z.strictObject({ service: slug, environment: slug });
export type SlotPath = z.output<typeof slotPath>;

export const environmentPath = z.strictObject({ environment: slug });
export type EnvironmentPath = z.output<typeof environmentPath>;

export const rollbackBody = z
  .strictObject({ reason: why, to: digest.nullable().default(null), force: z.boolean().default(false) })
  .meta({ id: 'Rollback' });
export type RollbackBody = z.output<typeof rollbackBody>;

export const observationBody = z.strictObject({ host: text(63, 1), digest }).meta({ id: 'Observation' });
export type ObservationBody = z.output<typeof observationBody>;

export const freezeQuery = z.strictObject({ service: slug.optional() });
export type FreezeQuery = z.output<typeof freezeQuery>;

export const freezeView = z
  .object({
    frozen: z.boolean(),
    known: z.boolean(),
    reasons: z.array(
      z.object({ kind: z.enum(['window', 'weekly', 'flag']), id: z.string(), reason: z.string(), until: time }),
    ),
  })
  .meta({ id: 'Freeze' });

export type FreezeView = z.output<typeof freezeView>;

export const slotView = z
  .object({
    service: z.string(),
    environment: z.string(),
    runningRelease: releaseReference.nullable(),
    runningReleaseState: z.enum(['known', 'unknown', 'none']),
    lastKnownGood: releaseReference.nullable(),
    activeDeployment: z
      .object({
        id: z.uuid(),
        kind: z.enum(DEPLOYMENT_KINDS),
        state: z.enum(DEPLOYMENT_STATES),
        verdict: z.enum(VERDICTS),
        release: releaseReference,
        fence: z.int().nullable(),
        actor: z.string(),
        createdAt: z.iso.datetime(),
        deadline: time,
      })
      .nullable(),
    fence: z.int(),
    hosts: z.array(
      z.object({
        name: z.string(),
        url: z.string(),
        observedDigest: z.string().nullable(),
        observedAt: time,
        drifting: z.boolean(),
      }),
    ),
    drift: z.boolean(),
    freeze: freezeView,
  })
  .meta({ id: 'Slot' });
export type SlotView = z.output<typeof slotView>;
