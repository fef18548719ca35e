import { join } from 'node:path';
import type { z } from 'zod';
import { clone } from '../scripts/clone.mjs';
import { type ComposeVariable, composeVariables } from './compose-variables.ts';

const configFolder = join(clone, 'dist/operations/config');

interface Setting {
  variable: string;
  description: string;
  example: string | undefined;
  isSecret: boolean;
  isRequired: boolean;
  byDefault: string;
}

const head = `# Configuration

Settings come from \`config/<APP_ENV>.env\`. A variable of the environment overrides the file. Each setting can also be given as
\`NAME_FILE\`, the path of a file that holds the value: use this for secrets. [Configure an instance](how-to/configure.md)
says where to put them.

An unknown name that looks like one of these, or begins with \`PLIMSOLL_\`, is a fault. All faults are reported at once,
and the process ends with exit code 78. Two kinds of names are ignored: those that Kubernetes
makes for Services (\`PLIMSOLL_SERVICE_HOST\`, \`PLIMSOLL_PORT_3000_TCP\`), and \`PLIMSOLL_URL\` and \`PLIMSOLL_TOKEN\`, which
clients use.

This page is made from the schema in the code by \`npm run docs\`, and \`npm run check\` compares them.

| setting | default | meaning |
|---|---|---|
`;

const rulesHead = `
## Rules

A setting that breaks a rule stops the start as well. A value is easily guessed if it is a well-known default (\`postgres\`,
\`changeme\`) or repeats a few characters.

| where | setting | rule |
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
  const tables = [head, ...(await settings()).map(row), rulesHead, ...(await rules()).map(ruleRow)];
  return [...tables, composeHead, ...variables.map(composeRow)].join('');
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

interface Rule {
  environments: readonly string[];
  setting: string;
  rule: string;
}

async function rules(): Promise<{ variable: string; where: string; rule: string }[]> {
  const { rules: declared } = (await import(join(configFolder, 'environment-rules.js'))) as { rules: Rule[] };
  const { settingsSchema, variableOf } = await builtSettings();
  const every = Object.keys((settingsSchema.shape as { appEnv: { unwrap(): { enum: object } } }).appEnv.unwrap().enum);
  return declared.map(({ environments, setting, rule }) => ({
    variable: variableOf(setting),
    where: environments.length === every.length ? 'everywhere' : environments.join(', '),
    rule,
  }));
}

function ruleRow({ variable, where, rule }: { variable: string; where: string; rule: string }): string {
  return `| ${where} | \`${variable}\` | ${rule} |\n`;
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
  return {
    ...(await import(join(configFolder, 'settings.js'))),
    ...(await import(join(configFolder, 'setting-names.js'))),
  };
}

function row({ variable, description, byDefault, isSecret, isRequired }: Setting): string {
  const fallback = isRequired ? 'required' : byDefault === '' ? '–' : `\`${byDefault}\``;
  return `| \`${variable}\` | ${fallback} | ${description}${isSecret ? ' Secret.' : ''} |\n`;
}

function exampleLines({ variable, description, example, byDefault }: Setting): string {
  return `# ${description}\n# ${variable}=${example ?? byDefault}\n`;
}
