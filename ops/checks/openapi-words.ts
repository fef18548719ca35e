import type { OpenApiDocument } from '../client/served-document.ts';
import { assertNone } from './fault.ts';
import { faultsOfExample, type Schema } from './openapi-examples.ts';

interface Parameter {
  readonly name: string;
  readonly description?: string;
  readonly example?: unknown;
  readonly schema?: Schema;
}

interface Operation {
  readonly operationId: string;
  readonly summary?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema: Schema; readonly example?: unknown }> };
  readonly responses?: Record<string, { readonly $ref?: string; readonly description?: string }>;
}

/**
 * Whoever reads the page is told what each operation does, and what each field means with an example that is true. Each
 * problem is described once.
 */
export function everythingIsTold(document: OpenApiDocument): void {
  const operations = Object.values(document.paths).flatMap((item) => Object.values(item)) as Operation[];
  const silent = operations.filter(({ summary }) => !isSentence(summary)).map(({ operationId }) => operationId);
  assertNone('Operations have no summary', silent);
  const { schemas } = document.components as { schemas: Record<string, Schema> };
  const faults = Object.entries(schemas).flatMap(([name, schema]) => faultsOf(schema, name, schemas));
  assertNone('Fields are not told of: add them to the *.words.ts of their feature', faults);
  const ofOperations = operations.flatMap((operation) => faultsOfOperation(operation, schemas));
  assertNone('Parameters and bodies are not told of', ofOperations);
  const twice = operations.flatMap(({ operationId, responses = {} }) =>
    Object.entries(responses)
      .filter(([status, { $ref }]) => /^[45]/.test(status) && $ref === undefined)
      .map(([status]) => `${operationId} ${status}`),
  );
  assertNone('Problems are described in place, and not once for all', twice);
}

/** It says more than the name, and ends as a sentence does; a summary, as a title, without a full stop. */
const isSentence = (text: string | undefined): boolean => text !== undefined && text.length > 8;

function faultsOf(schema: Schema, place: string, schemas: Record<string, Schema>): string[] {
  const inner = [schema.items, schema.additionalProperties, ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  const below = inner.flatMap((each) => (typeof each === 'object' ? faultsOf(each, place, schemas) : []));
  const fields = Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const here = `${place}.${name}`;
    return faultsOfField(field, here, schemas).concat(faultsOf(field, here, schemas));
  });
  return [...below, ...fields];
}

function faultsOfField(field: Schema, place: string, schemas: Record<string, Schema>): string[] {
  const { description, examples = [] } = field;
  const faults: string[] = [];
  if (!isSentence(description) || !/[.!?)`]$/.test(description ?? '')) faults.push(`${place}: no sentence`);
  if (examples.length === 0 && !isListOfThings(field)) faults.push(`${place}: no example`);
  return faults.concat(examples.flatMap((example) => faultsOfExample(example, field, place, schemas)));
}

/** A list of what has a schema of its own is shown by that. */
const isListOfThings = ({ items }: Schema): boolean => items !== undefined;

function faultsOfOperation({ operationId, parameters = [], requestBody }: Operation, schemas: Record<string, Schema>) {
  const ofParameters = parameters.flatMap(({ name, description, example, schema = {} }) => {
    const place = `${operationId} ${name}`;
    if (!isSentence(description)) return [`${place}: no sentence`];
    return example === undefined ? [`${place}: no example`] : faultsOfExample(example, schema, place, schemas);
  });
  const ofBodies = Object.values(requestBody?.content ?? {}).flatMap(({ schema, example }) => {
    const place = `${operationId} body`;
    return example === undefined ? [`${place}: no example`] : faultsOfExample(example, schema, place, schemas);
  });
  return [...ofParameters, ...ofBodies];
}
