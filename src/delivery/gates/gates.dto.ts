import { z } from 'zod';
import { text } from '../../platform/http/input/fields.js';
import { OPERATORS } from './plan/condition.model.js';
import { MAX_CHECKS } from './plan/gate-rules.model.js';

const DAY_SECONDS = 86_400;

const seconds = (least: number) => z.number().min(least).max(DAY_SECONDS);
const count = z.int().min(1).max(DAY_SECONDS);
const template = text(2000, 1);

const scalar = z.union([text(1000), z.number(), z.boolean(), z.null()], 'must be a text, a number, a boolean or null');

const condition = z
  .strictObject({
    field: text(200, 1),
    op: z.enum(OPERATORS),
    value: z.union([scalar, z.array(scalar).max(100)], 'must be one value, or a list of them with "in"'),
  })
  .meta({ id: 'Condition', description: 'Data, never run as code.' });

const baseline = z.strictObject({
  op: z.enum(['lt', 'lte', 'gt', 'gte']).optional(),
  factor: z.number().positive().max(1000),
  runs: z.int().min(1).max(20).optional(),
});

/** What every type of check can be told, beside its `type` and what is its own. */
export const checkSettings = {
  name: text(63, 1),
  required: z.boolean().optional(),
  initialDelaySeconds: seconds(0).optional(),
  intervalSeconds: seconds(1).optional(),
  timeoutSeconds: seconds(0.1).optional(),
  expect: z.array(condition).max(50).optional(),
  failAt: z.strictObject({ total: count.optional(), consecutive: count.optional() }).optional(),
  errorAt: count.optional(),
  minMeasurements: z.number().positive().max(1).optional(),
  onNoData: z.enum(['hold', 'pass', 'fail']).optional(),
  baseline: baseline.optional(),
};

export const httpCheck = z
  .strictObject({ ...checkSettings, type: z.literal('http'), url: template })
  .meta({ id: 'HttpCheck' });

const ungated = z
  .strictObject({ ungated: text(1000).regex(/\S/, 'must say why') })
  .meta({ id: 'Ungated', description: 'This slot has no gate, for this reason.' });

/** A gate whose checks are of these types; which ones there are is known only at run time. */
export function gateBodyOf(types: readonly [z.ZodObject, ...z.ZodObject[]]) {
  return z.strictObject({
    warmUpSeconds: seconds(0).optional(),
    bakeSeconds: seconds(0).optional(),
    identity: z
      .strictObject({
        url: template,
        field: text(200, 1),
        consecutive: z.int().min(1).max(100).optional(),
        withinSeconds: seconds(0).optional(),
      })
      .optional(),
    checks: z
      .array(z.discriminatedUnion('type', types, 'must be a type of check that is available here'))
      .max(MAX_CHECKS, `must have at most ${MAX_CHECKS} checks`),
  });
}

export const ungatedBody = ungated;

/** For the document: what is accepted depends on the types of checks that this instance has. */
export const gateView = z
  .union([gateBodyOf([httpCheck]).meta({ id: 'GateSpecification' }), ungated])
  .meta({ id: 'Gate' });
