import { z } from 'zod';
import { digest, text } from '../../../platform/http/input/fields.js';
import { freezeView } from '../../freezes/freezes.reader.js';
import { DEPLOYMENT_KINDS, DEPLOYMENT_STATES, VERDICTS } from '../deployment.model.js';
import { releaseReference, time } from '../deployments.dto.js';

export const observationBody = z.strictObject({ host: text(63, 1), digest }).meta({ id: 'Observation' });
export type ObservationBody = z.output<typeof observationBody>;

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
