import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';
import { clone } from '../scripts/clone.mjs';
import type { OpenApiDocument } from './served-document.ts';

const head = '/* Made from the OpenAPI document by `npm run client`; `npm run check` compares them. */\n';

/** The files of src/client that are made from the OpenAPI document, so that they cannot say anything else. */
async function filesOf(document: OpenApiDocument): Promise<Record<string, string>> {
  const types = await openapiTS(structuredClone(document) as unknown as OpenAPI3, {
    rootTypes: false,
    defaultNonNullable: false,
  });
  return {
    'src/client/api-types.ts': head + astToString(types),
    'src/client/gate-json-schema.ts': head + gateModule(document),
  };
}

/** The gate's schema alone, for whoever wants to check one before a server is asked. */
function gateModule({ components: { schemas } }: OpenApiDocument): string {
  const definitions: Record<string, object> = {};
  collect('Gate', schemas, definitions);
  const schema = { $ref: '#/$defs/Gate', $defs: definitions };
  const text = JSON.stringify(schema, null, 2).replaceAll('#/components/schemas/', '#/$defs/');
  return `export const gateJsonSchema = ${text} as const;\n`;
}

function collect(name: string, schemas: Record<string, object>, into: Record<string, object>): void {
  if (into[name] !== undefined || schemas[name] === undefined) return;
  into[name] = schemas[name];
  const referred = JSON.stringify(schemas[name]).matchAll(/"#\/components\/schemas\/(\w+)"/g);
  for (const [, other = ''] of referred) collect(other, schemas, into);
}

/** The files that differ from the document. */
export async function staleClientFiles(document: OpenApiDocument): Promise<string[]> {
  const stale = await Promise.all(
    Object.entries(await filesOf(document)).map(async ([path, text]) => {
      const there = await readFile(join(clone, path), 'utf8').catch(() => '');
      return there === text ? [] : [path];
    }),
  );
  return stale.flat();
}

export async function writeClientFiles(document: OpenApiDocument): Promise<void> {
  for (const [path, text] of Object.entries(await filesOf(document))) await writeFile(join(clone, path), text);
}
