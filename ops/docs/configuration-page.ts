import { join } from 'node:path';
import type { z } from 'zod';
import { clone } from '../scripts/clone.mjs';
import { type ComposeVariable, composeVariables } from './compose-variables.ts';

interface Setting {
  variable: string;
  description: string;
  example: string | undefined;
  isSecret: boolean;
  isRequired: boolean;
  byDefault: string;
}

const head = `# Configuration

Settings come from \`config/<APP_ENV>.env\`, overridden by the environment. Each can also be given as \`NAME_FILE\`, the
path of a file that holds the value, which is how secrets should be given. An unknown name that looks like one of
these, or begins with \`PLIMSOLL_\`, is a fault. All faults are reported at once, and the process ends with exit code 78.

This page is made from the schema in the code by \`npm run docs\`, and \`npm run check\` compares them.

| setting | default | meaning |
|---|---|---|
`;

const exampleHead = `# Every setting, with its default or an example. Made by \`npm run docs\`; see docs/configuration.md.
# Each can be given as NAME_FILE too. npm start needs none of them.
`;

const composeHead = `
## Variables of podman-compose

They come from the environment or from \`.env\`, and change what runs around an instance; see
[Run with Podman](how-to/run-with-podman.md).

| variable | default | meaning |
|---|---|---|
`;

const composeExampleHead = `
# What podman-compose takes from .env or the environment. The settings above go to an instance only where the compose
# files hand them on.
`;

export async function configurationPage(): Promise<string> {
  const variables = await composeVariables();
  return head + (await settings()).map(row).join('') + composeHead + variables.map(composeRow).join('');
}

export async function exampleEnvironment(): Promise<string> {
  const variables = await composeVariables();
  const examples = [...(await settings()).map(exampleLines), composeExampleHead, ...variables.map(composeExample)];
  return [exampleHead, ...examples].join('\n');
}

function composeRow({ name, byDefault, description }: ComposeVariable): string {
  return `| \`${name}\` | ${byDefault === '' ? '–' : `\`${byDefault}\``} | ${description} |\n`;
}

function composeExample({ name, byDefault, description }: ComposeVariable): string {
  return `# ${description}\n# ${name}=${byDefault}\n`;
}

interface SettingsModule {
  settingsSchema: z.ZodObject;
  settingNotes: { get(schema: unknown): { description: string; example?: string; secret?: true } | undefined };
  variableOf(key: string): string;
}

async function settings(): Promise<Setting[]> {
  const { settingsSchema, settingNotes, variableOf } = await builtSettings();
  return Object.entries(settingsSchema.shape as Record<string, z.ZodType>).map(([key, schema]) => {
    const notes = settingNotes.get(schema);
    const absent = schema.safeParse(undefined);
    return {
      variable: variableOf(key),
      description: notes?.description ?? '',
      example: notes?.example,
      isSecret: notes?.secret === true,
      isRequired: !absent.success,
      byDefault: String((absent.success ? absent.data : undefined) ?? ''),
    };
  });
}

async function builtSettings(): Promise<SettingsModule> {
  const folder = join(clone, 'dist/operations/config');
  return { ...(await import(join(folder, 'settings.js'))), ...(await import(join(folder, 'setting-names.js'))) };
}

function row({ variable, description, byDefault, isSecret, isRequired }: Setting): string {
  const fallback = isRequired ? 'required' : byDefault === '' ? '–' : `\`${byDefault}\``;
  return `| \`${variable}\` | ${fallback} | ${description}${isSecret ? ' Secret.' : ''} |\n`;
}

function exampleLines({ variable, description, example, byDefault }: Setting): string {
  return `# ${description}\n# ${variable}=${example ?? byDefault}\n`;
}
