import type { OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';
import type { DocumentedSchemas } from './documented-schemas.js';

type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;

/**
 * Moves the definitions that a schema carries with it to the components, where references find them: a schema that is
 * given as JSON Schema and not as Zod comes with its own.
 */
export function hoistDefinitions(document: OpenAPIObject, documented: DocumentedSchemas['all'] = []): void {
  const schemas: Schemas = {};
  hoistFrom(document.paths, schemas);
  for (const [name, schema] of documented) {
    const { $schema: _dialect, ...own } = z.toJSONSchema(schema, { io: 'input' });
    schemas[name] = own as Schemas[string];
    hoistFrom(own, schemas);
  }
  document.components = { ...document.components, schemas: { ...document.components?.schemas, ...schemas } };
}

function hoistFrom(node: unknown, schemas: Schemas): void {
  if (typeof node !== 'object' || node === null) {
    return;
  }
  const schema = node as { $defs?: Schemas; $ref?: unknown };
  if (schema.$defs) {
    Object.assign(schemas, schema.$defs);
    hoistFrom(schema.$defs, schemas);
    delete schema.$defs;
  }
  if (typeof schema.$ref === 'string') {
    schema.$ref = schema.$ref.replace(/^#\/\$defs\//, '#/components/schemas/');
  }
  for (const member of Object.values(node)) hoistFrom(member, schemas);
}
