import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './planted-tree.js';

interface Schema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly anyOf?: readonly Schema[];
}

const read = (path: string) => readFile(join(root, path), 'utf8');

/** Every key of a plimsoll.yml by its path, `health.path`; what a user names is `*`. Lists are not entered. */
function keysOf(schema: Schema, top: Schema, path: readonly string[] = []): string[] {
  const { $ref, properties = {}, additionalProperties, anyOf = [] } = schema;
  if ($ref !== undefined) return keysOf(at(top, $ref), top, path);
  const named = Object.entries(properties).map(([key, of]) => ({ key, of }));
  const free = typeof additionalProperties === 'object' ? [{ key: '*', of: additionalProperties }] : [];
  const keys: string[] = [];
  for (const { key, of } of [...named, ...free]) {
    keys.push([...path, key].join('.'));
    keys.push(...keysOf(of, top, [...path, key]));
  }
  return keys.concat(anyOf.flatMap((one) => keysOf(one, top, path)));
}

const at = (top: Schema, ref: string): Schema =>
  ref
    .split('/')
    .slice(1)
    .reduce((schema: unknown, part) => (schema as Record<string, unknown>)[part], top) as Schema;

/** What stands in a cell beside keys and commands. */
const words = new Set(['plimsoll.yml', 'rollback']);
const values = /^(?:"\d+%"|\d+[kmg]|\/\w+)$/;

describe('the page for those who come from another tool', () => {
  it('maps what they know to keys of plimsoll.yml that there are', async () => {
    const schema = JSON.parse(await read('docs/reference/plimsoll.schema.json')) as Schema;
    const keys = new Set(keysOf(schema, schema));
    expect(keys).toContain('health.path');
    const page = await read('docs/how-to/come-from-another-tool.md');
    const cells = [...page.matchAll(/^\| (?!---)[^|]+ \| ([^|]+) \|$/gm)].map(([, cell = '']) => cell);
    const spans = cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, span = '']) => span));
    const named = spans.filter((span) => !span.startsWith('plimsoll ') && !words.has(span) && !values.test(span));
    expect(named.length).toBeGreaterThan(40);
    const known = (name: string) => keys.has(name) || keys.has(name.replace(/^environments\.\w+/, 'environments.*'));
    expect(named.filter((name) => !known(name))).toEqual([]);
  });
});
