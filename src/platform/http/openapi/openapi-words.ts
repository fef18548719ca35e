import type { OpenAPIObject } from '@nestjs/swagger';
import type { DocumentedWords } from './documented-words.js';

/** A schema as it stands in the document. */
interface Node {
  description?: string;
  examples?: unknown[];
  properties?: Record<string, Node>;
  items?: Node;
  additionalProperties?: Node | boolean;
  anyOf?: Node[];
  oneOf?: Node[];
  allOf?: Node[];
}

interface Parameter {
  name: string;
  description?: string;
  example?: unknown;
}

interface Body {
  content: Record<string, { schema?: { $ref?: string; example?: unknown }; example?: unknown }>;
}

interface Operation {
  parameters?: Parameter[];
  requestBody?: Body;
}

const REFERENCE = '#/components/schemas/';

/** Gives every field and parameter its sentence and its example, and every body one that may be sent as it is. */
export function addWords(document: OpenAPIObject, words: DocumentedWords): void {
  const schemas = (document.components?.schemas ?? {}) as Record<string, Node>;
  for (const [name, schema] of Object.entries(schemas)) {
    tell(schema, [name], words);
    describe(schema, [name], words);
  }
  for (const item of Object.values(document.paths)) {
    for (const operation of Object.values(item) as Operation[]) {
      for (const parameter of operation.parameters ?? []) tellParameter(parameter, words);
      if (operation.requestBody) tellBody(operation.requestBody, words);
    }
  }
}

/** Where a schema itself says what it is, that goes before the words. */
function tell(node: Node, path: readonly string[], words: DocumentedWords): void {
  for (const [name, field] of Object.entries(node.properties ?? {})) {
    const here = [...path, name];
    describe(field, here, words);
    tell(field, here, words);
  }
  const { items, additionalProperties, anyOf = [], oneOf = [], allOf = [] } = node;
  for (const inner of [items, additionalProperties, ...anyOf, ...oneOf, ...allOf]) {
    if (typeof inner === 'object') tell(inner, path, words);
  }
}

function describe(node: Node, path: readonly string[], words: DocumentedWords): void {
  const [sentence, ...example] = words.of(path) ?? [];
  if (sentence !== undefined) node.description ??= sentence;
  if (example.length > 0) node.examples ??= example;
}

function tellParameter(parameter: Parameter, words: DocumentedWords): void {
  const [sentence, ...example] = words.of(['Query', parameter.name]) ?? [];
  if (sentence !== undefined && !parameter.description) parameter.description = sentence;
  if (example.length > 0) parameter.example ??= example[0];
}

function tellBody({ content }: Body, words: DocumentedWords): void {
  for (const media of Object.values(content)) {
    const name = media.schema?.$ref?.replace(REFERENCE, '');
    const [, ...example] = (name !== undefined && words.of([name])) || [''];
    if (example.length > 0) media.example = example[0];
  }
}
