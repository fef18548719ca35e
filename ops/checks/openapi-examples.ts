/** As far as the document uses JSON Schema. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
}

const REFERENCE = '#/components/schemas/';

const formats: Readonly<Record<string, RegExp>> = {
  uuid: /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/,
};

/** Why the example is none of the schema; nothing where it is one. */
export function faultsOfExample(
  value: unknown,
  schema: Schema,
  place: string,
  schemas: Readonly<Record<string, Schema>>,
): string[] {
  const { $ref, anyOf, oneOf } = schema;
  if ($ref !== undefined) return faultsOfExample(value, schemas[$ref.replace(REFERENCE, '')] ?? {}, place, schemas);
  const choices = anyOf ?? oneOf;
  if (choices) {
    const found = choices.map((choice) => faultsOfExample(value, choice, place, schemas));
    return found.some((faults) => faults.length === 0) ? [] : (found.at(0) ?? []);
  }
  const fault = faultOfValue(value, schema);
  if (fault !== null) return [`${place}: the example ${JSON.stringify(value)} ${fault}`];
  return faultsWithin(value, schema, place, schemas);
}

function faultOfValue(value: unknown, schema: Schema): string | null {
  const types = [schema.type ?? []].flat();
  if (types.length > 0 && !types.some((each) => isOf(value, each))) return `is no ${types.join(' or ')}`;
  if (schema.enum && !schema.enum.includes(value)) return `is none of ${JSON.stringify(schema.enum)}`;
  if (schema.const !== undefined && schema.const !== value) return `is not ${JSON.stringify(schema.const)}`;
  return typeof value === 'string' ? faultOfText(value, schema) : faultOfNumber(value, schema);
}

function faultOfText(text: string, { pattern, format = '' }: Schema): string | null {
  if (pattern !== undefined && !new RegExp(pattern).test(text)) return `does not match ${pattern}`;
  return formats[format]?.test(text) === false ? `is no ${format}` : null;
}

function faultOfNumber(value: unknown, { minimum = -Infinity, maximum = Infinity }: Schema): string | null {
  return typeof value === 'number' && (value < minimum || value > maximum) ? 'is out of range' : null;
}

function isOf(value: unknown, type: string): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === type;
}

function faultsWithin(
  value: unknown,
  { properties, required = [], items, additionalProperties }: Schema,
  place: string,
  schemas: Readonly<Record<string, Schema>>,
): string[] {
  if (Array.isArray(value)) return items ? value.flatMap((each) => faultsOfExample(each, items, place, schemas)) : [];
  if (typeof value !== 'object' || value === null) return [];
  const missing = required.filter((name) => !(name in value)).map((name) => `${place}: the example lacks ${name}`);
  const within = Object.entries(value).flatMap(([name, member]) => {
    const field = properties?.[name] ?? additionalProperties;
    if (field === false || (field === undefined && properties)) return [`${place}: the example has ${name}`];
    return typeof field === 'object' ? faultsOfExample(member, field, `${place}.${name}`, schemas) : [];
  });
  return [...missing, ...within];
}
