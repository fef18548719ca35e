import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { clone } from '../../scripts/clone.mjs';
import { Failure, runMain, say } from '../../scripts/terminal.mjs';
import { alertmanagerText, type People } from './configuration.ts';

const usage =
  'npm run alertmanager -- --out FOLDER [--chat] [--dead-mans-switch] [--to ADDRESS --from ADDRESS --smarthost HOST:PORT]';

/** Writes a configuration of Alertmanager that tells people, beside the one of the repository, which tells Plimsoll alone. */
async function main(): Promise<void> {
  const { out, people } = asked();
  await cp(join(clone, 'ops/alertmanager'), out, { recursive: true });
  await writeFile(join(out, 'alertmanager.yml'), alertmanagerText(people));
  say(`Written to ${out}. Name it in .env: ALERTMANAGER_CONFIG=${out}`);
}

function asked(): { out: string; people: People } {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    options: { out: text, chat: flag, 'dead-mans-switch': flag, to: text, from: text, smarthost: text },
  });
  const { out, chat, to, from, smarthost } = values;
  if (out === undefined) throw new Failure(usage);
  const people = { chat, deadMansSwitch: values['dead-mans-switch'] };
  if (to === undefined && from === undefined && smarthost === undefined) return { out, people };
  if (to === undefined || from === undefined || smarthost === undefined) {
    throw new Failure(`E-mail wants all of --to, --from and --smarthost.\n${usage}`);
  }
  return { out, people: { ...people, email: { to, from, smarthost } } };
}

await runMain(main);
