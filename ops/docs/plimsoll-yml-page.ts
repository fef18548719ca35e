import { join } from 'node:path';
import { z } from 'zod';
import { clone } from '../scripts/clone.mjs';

interface Node {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly pattern?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: Node | boolean;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
  readonly required?: readonly string[];
  readonly $ref?: string;
}

const head = `# plimsoll.yml

\`plimsoll.yml\` describes how a service is deployed. Put it beside the sources of the service. Keys at the top apply to every
environment; an environment names only what differs. \`environment\`, \`health\` and \`migrate\` are merged with those at the top,
key by key; every other key replaces the one at the top.

Editors complete and check the file with [plimsoll.schema.json](plimsoll.schema.json). For a fault the
command names line, column and the correct form.

\`\`\`yaml
service: checkout
image: registry.example.com/acme/checkout
port: 8080
health: { path: /readyz }
secrets: [checkout-database-url]
proxy:
  site: "checkout.example.com, http://:8080"
  ports: [{ host: 80, container: 80 }, { host: 443, container: 443 }, { host: 8080, container: 8080 }]
environments:
  staging:
    hosts: [{ name: staging, url: "https://staging.example.com" }]
  production:
    hosts:
      - { name: a, url: "http://10.0.0.5:8080", podman: "ssh://deploy@10.0.0.5" }
      - { name: b, url: "http://10.0.0.6:8080", podman: "ssh://deploy@10.0.0.6" }
    batches: 1
    gate:
      checks:
        - { name: ready, type: http, url: "{host.url}/readyz", expect: [{ field: status, op: eq, value: 200 }] }
\`\`\`

Here the gate asks each host at port 8080, where the proxy answers for any name. On the other ports the proxy answers a request
for an unknown name with an empty 200, which proves nothing.

This page is made from the schema in the code by \`npm run docs\`, and \`npm run check\` compares them.
`;

/** The file's schema for editors. */
export async function editorSchema(): Promise<string> {
  return `${JSON.stringify(await jsonSchema(), null, 2)}\n`;
}

async function jsonSchema(): Promise<Node & { $defs?: unknown }> {
  const { plimsollFile } = (await import(join(clone, 'dist/cli/plimsoll-file/plimsoll-file.js'))) as {
    plimsollFile: z.ZodType;
  };
  const { gateJsonSchema } = await import(join(clone, 'dist/client/gate-json-schema.js'));
  // The gate is checked by code, with the API's schema; an editor takes that schema itself.
  const made = z.toJSONSchema(plimsollFile, {
    io: 'input',
    target: 'draft-2020-12',
    unrepresentable: 'any',
    override: ({ jsonSchema: node }) => delete node['$defs'],
  });
  return { ...made, $defs: gateJsonSchema.$defs } as Node;
}

export async function plimsollYmlPage(): Promise<string> {
  const schema = await jsonSchema();
  const environment = schema.properties?.['environments']?.additionalProperties as Node;
  const { hosts, ...settings } = environment.properties ?? {};
  const top = Object.fromEntries(Object.entries(schema.properties ?? {}).filter(([key]) => !(key in settings)));
  return [
    head,
    section('At the top alone', top, schema.required),
    section('At the top, or in an environment', settings, ['proxy']),
    section('In an environment alone', { ...(hosts && { hosts }) }),
  ].join('\n');
}

function section(title: string, properties: Readonly<Record<string, Node>>, required: readonly string[] = []): string {
  const rows = Object.entries(properties).flatMap(([key, node]) => rowsOf(key, node, required.includes(key)));
  return `## ${title}\n\n| key | what | meaning |\n|---|---|---|\n${rows.join('')}`;
}

function rowsOf(path: string, node: Node, isRequired: boolean): string[] {
  const what = [kindOf(node), ...(isRequired ? ['required'] : defaultOf(node))].join(', ');
  const own = `| \`${path}\` | ${what} | ${(node.description ?? '').replaceAll('|', '\\|')} |\n`;
  const [inner, mark] = innerOf(node);
  // Environments have a table of their own, the gate a page.
  if (path === 'environments' || !inner?.properties) return [own];
  const children = Object.entries(inner.properties);
  return [
    own,
    ...children.flatMap(([key, child]) =>
      rowsOf(`${path}${mark}.${key}`, child, inner.required?.includes(key) ?? false),
    ),
  ];
}

function innerOf(node: Node): [Node | undefined, string] {
  if (node.items) return [mappingOf(node.items), '[]'];
  return [mappingOf(node), ''];
}

const mappingOf = (node: Node): Node | undefined =>
  node.anyOf ? node.anyOf.find(({ properties }) => properties) : node;

function defaultOf({ default: value }: Node): string[] {
  if (value === undefined || JSON.stringify(value) === '{}') return [];
  return [`\`${JSON.stringify(value)}\``];
}

function kindOf({ type, anyOf, $ref }: Node): string {
  if ($ref !== undefined) return '[gate](gate.md)';
  if (anyOf) return [...new Set(anyOf.map(kindOf))].join(' or ');
  return (
    { string: 'text', integer: 'whole number', boolean: 'true or false', array: 'list', object: 'mapping' }[
      type ?? ''
    ] ??
    type ??
    ''
  );
}
