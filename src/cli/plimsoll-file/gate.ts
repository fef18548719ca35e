import { z } from 'zod';
import type { components } from '../../client/api-types.js';
import { gateJsonSchema } from '../../client/gate-json-schema.js';
import { schemaFaults, type SchemaFault } from './schema-faults.js';

export type Gate = components['schemas']['Gate'];

const { $defs } = gateJsonSchema;
type Definitions = typeof $defs;
type Name = keyof Definitions;

/** The API's own schema of a gate. Its server has the last word: it knows the slot's hosts and which checks it can do. */
export const gate = z
  .custom<Gate>()
  .superRefine((value, context) => {
    for (const { path, message, isOfKey } of faultsOf(value)) {
      context.addIssue({ code: 'custom', path: [...path], message, params: { isOfKey } });
    }
  })
  .meta({ ...jsonSchemaOf('Gate'), description: 'What must hold after a deployment; see the reference of the gate.' });

const checksOf: Readonly<Record<string, Name>> = { http: 'HttpCheck', prometheus: 'PrometheusCheck' };

/** Made when they are first asked for. */
const schemas = new Map<Name, z.ZodType>();

/** One schema after the other, not the unions: of a union all that can be said is that nothing fits. */
function faultsOf(value: unknown): SchemaFault[] {
  if (isMapping(value) && 'ungated' in value) return faultsAgainst('Ungated', value);
  if (!isMapping(value) || !Array.isArray(value['checks'])) return faultsAgainst('GateSpecification', value);
  const { checks, ...rest } = value;
  return [
    ...faultsAgainst('GateSpecification', { ...rest, checks: [] }),
    ...checks.flatMap((check: unknown, i) =>
      faultsOfCheck(check).map((fault) => Object.assign(fault, { path: ['checks', i, ...fault.path] })),
    ),
  ];
}

function faultsOfCheck(check: unknown): SchemaFault[] {
  if (!isMapping(check)) return [{ path: [], message: 'must be a check: a mapping with "name" and "type"' }];
  const name = checksOf[String(check['type'])];
  if (name === undefined) return [{ path: ['type'], message: 'must be "http" or "prometheus"' }];
  return faultsAgainst(name, check);
}

function faultsAgainst(name: Name, value: unknown): SchemaFault[] {
  const schema = schemas.get(name) ?? z.fromJSONSchema(jsonSchemaOf(name));
  schemas.set(name, schema);
  return schemaFaults(schema, value);
}

function jsonSchemaOf(name: Name): Parameters<typeof z.fromJSONSchema>[0] & object {
  return { $ref: `#/$defs/${name}`, $defs } as unknown as ReturnType<typeof jsonSchemaOf>;
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
