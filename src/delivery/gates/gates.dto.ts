import { z } from 'zod';
import { text } from '../../platform/http/input/fields.js';
import { MEASUREMENT_OUTCOMES } from './gate-run.model.js';
import { OPERATORS } from './plan/condition.model.js';
import { MAX_CHECKS } from './plan/gate-rules.model.js';

/** The name of the schema in the OpenAPI document. */
export const GATE_SPECIFICATION = 'GateSpecification';

const DAY_SECONDS = 86_400;

const seconds = (least: number) => z.number().min(least).max(DAY_SECONDS);
const count = z.int().min(1).max(DAY_SECONDS);
const template = text(2000, 1);

const MOST_VALUES = 100;
const MOST_TEXT = 1000;
const scalarTypes = [
  { type: 'string', maxLength: MOST_TEXT },
  { type: 'number' },
  { type: 'boolean' },
  { type: 'null' },
] as const;
const scalarText = text(MOST_TEXT);

/**
 * One rule instead of a union for each value. A union tries every member and keeps the errors of each, which takes
 * seconds for the 250,000 values that fit into a body.
 */
const conditionValue = z
  .unknown()
  .refine(
    (value) => (Array.isArray(value) ? value.length <= MOST_VALUES && value.every(isScalar) : isScalar(value)),
    `must be a text of at most ${MOST_TEXT} characters, a number, a boolean or null, or with "in" a list of at most ${MOST_VALUES} of them`,
  )
  .meta({ anyOf: [...scalarTypes, { type: 'array', maxItems: MOST_VALUES, items: { anyOf: scalarTypes } }] });

const condition = z
  .strictObject({ field: text(200, 1), op: z.enum(OPERATORS), value: conditionValue })
  .meta({ id: 'Condition', description: 'Data, never run as code.' });

const baseline = z.strictObject({
  op: z.enum(['lt', 'lte', 'gt', 'gte']).optional(),
  factor: z.number().positive().max(1000),
  runs: z.int().min(1).max(20).optional(),
});

/** The settings that every type of check has, beside its `type` and its own settings. */
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

const minRequests = z
  .strictObject({ query: template, atLeast: z.number().positive().optional() })
  .meta({ id: 'MinRequests', description: 'Below so many (20) there is nothing to judge: `no_data`.' });

export const prometheusCheck = z
  .strictObject({
    ...checkSettings,
    type: z.literal('prometheus'),
    query: template.describe('An instant query that answers exactly one series.'),
    minRequests: minRequests.optional(),
  })
  .meta({ id: 'PrometheusCheck' });

const ungated = z
  .strictObject({ ungated: text(1000).regex(/\S/, 'must say why') })
  .meta({ id: 'Ungated', description: 'This slot has no gate, for this reason.' });

/** A gate with checks of these types. The types are known only at run time. */
export function gateBodyOf(types: readonly [z.ZodObject, ...z.ZodObject[]]) {
  const names = types.map(({ shape }) => JSON.stringify((shape['type'] as z.ZodLiteral).value));
  return z.strictObject({
    warmUpSeconds: seconds(0).optional(),
    bakeSeconds: seconds(0).optional(),
    shadow: z
      .boolean()
      .optional()
      .describe(
        'The gate is run and decides nothing: its verdict is kept as `shadowVerdict`, and the deployment promoted.',
      ),
    identity: z
      .strictObject({
        url: template,
        field: text(200, 1),
        consecutive: z.int().min(1).max(100).optional(),
        withinSeconds: seconds(0).optional(),
        watch: z
          .boolean()
          .optional()
          .describe('Plimsoll asks each host every 60 s, also after the gate: what it reads is an observation.'),
      })
      .optional(),
    checks: z
      .array(z.discriminatedUnion('type', types, `must be a type of check that is available here: ${names.join(', ')}`))
      .max(MAX_CHECKS, `must have at most ${MAX_CHECKS} checks`),
  });
}

export const ungatedBody = ungated;

/** For the OpenAPI document, which replaces this by the check types of this instance. */
export const gateView = z
  .union([gateBodyOf([httpCheck]).meta({ id: GATE_SPECIFICATION }), ungated])
  .meta({ id: 'Gate' });

export const dryRunBody = z.strictObject({}).meta({ id: 'DryRun' });

export const dryRunView = z
  .object({
    checks: z.array(
      z.object({
        check: z.string(),
        host: z.string().nullable(),
        outcome: z.enum(MEASUREMENT_OUTCOMES),
        value: z.number().nullable(),
        detail: z.string().nullable(),
        read: z
          .record(z.string(), z.unknown())
          .nullable()
          .describe('What was read: of an HTTP answer its fields, of Prometheus the query and what it answered.'),
      }),
    ),
    identity: z.array(
      z.object({
        host: z.string(),
        digest: z.string().nullable().describe('The release that the host says it runs.'),
        detail: z.string(),
      }),
    ),
  })
  .meta({ id: 'DryRunResult' });
export type DryRunView = z.output<typeof dryRunView>;

function isScalar(value: unknown): boolean {
  if (typeof value === 'string') return scalarText.safeParse(value).success;
  return value === null || typeof value === 'boolean' || Number.isFinite(value);
}
