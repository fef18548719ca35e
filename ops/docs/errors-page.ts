import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { clone } from '../scripts/clone.mjs';

interface ErrorRow {
  code: string;
  status: number;
  title: string;
}

interface FeatureErrors {
  feature: string;
  rows: ErrorRow[];
}

const head = `# Errors

Every answer of 400 and above is a problem document (RFC 9457, \`application/problem+json\`) with \`type\`, \`title\`,
\`status\`, \`detail\`, \`instance\` and \`requestId\`. The last part of \`type\` is the code below; it never changes once
published, and it is what a program should look at. \`validation-failed\` and \`release-differs\` name each place at fault
in \`errors\`, as \`{ "pointer", "detail" }\`.

This page is made from the tables in the code by \`npm run docs\`, and \`npm run check\` compares them.
`;

export async function errorsPage(): Promise<string> {
  const features = await errorTables();
  return [head, ...features.map(section)].join('\n');
}

/** The tables of the built program, in the order of the features' names; those that any route may answer first. */
async function errorTables(): Promise<FeatureErrors[]> {
  const tables: FeatureErrors[] = [];
  for await (const file of glob('dist/**/*.errors.js', { cwd: clone })) {
    const feature = /([^/]+)\.errors\.js$/.exec(file)?.[1] ?? file;
    const exported: Record<string, unknown> = await import(join(clone, file));
    const rows = Object.values(exported)
      .filter(isErrorTable)
      .flatMap((table) => Object.values(table));
    tables.push({ feature, rows });
  }
  const rank = ({ feature }: FeatureErrors) => (feature === 'http' ? '' : feature);
  return tables.sort((one, other) => (rank(one) < rank(other) ? -1 : 1));
}

function isErrorTable(value: unknown): value is Record<string, ErrorRow> {
  return (
    typeof value === 'object' && value !== null && Object.values(value).every((row) => typeof row.code === 'string')
  );
}

function section({ feature, rows }: FeatureErrors): string {
  const title = feature === 'http' ? 'Any route' : `${feature[0]?.toUpperCase()}${feature.slice(1)}`;
  const lines = rows.map(({ code, status, title: meaning }) => `| \`${code}\` | ${status} | ${meaning} |`);
  return `## ${title}\n\n| code | status | meaning |\n|---|---|---|\n${lines.join('\n')}\n`;
}
