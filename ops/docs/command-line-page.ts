import { join } from 'node:path';
import type { Command, Option } from 'commander';
import { clone } from '../scripts/clone.mjs';

const built = (file: string) => import(join(clone, 'dist/cli', file));

const head = `# The command line

\`plimsoll\` deploys a service, follows its gate and asks the ledger what runs where. It is in the image
(\`node dist/cli/main.js\`) and the \`bin\` of the package. [How to use it](../how-to/use-the-command-line.md).

- On a terminal the output is a live view, otherwise plain lines.
- \`--json\` prints one JSON object a line, each with its \`type\`. The last one is
  \`{"type":"end","ending":…,"exitCode":…}\`. After an error, the line before it is \`{"type":"error",…}\` with \`what\`, \`why\`
  and \`mend\`. The exit codes are the same.
- Ctrl-C ends a command with exit code 130. A deployment and its gate go on.
- If Plimsoll does not answer, a call that may be repeated is tried again for 30 seconds. \`Retry-After\` is respected.

This page is made from the code by \`npm run docs\`, and \`npm run check\` compares them.
`;

/** Every command with its options, the exit codes and the settings. */
export async function commandLinePage(): Promise<string> {
  const { plimsollProgram } = await built('program.js');
  const { exitCodes } = await built('exit-codes.js');
  const { settingNames } = await built('settings.js');
  const program: Command = plimsollProgram(null, null);
  const codes = Object.entries(exitCodes as Record<string, { code: number; meaning: string }>);
  return [
    head,
    '## Exit codes\n',
    tableOf(
      ['code', 'ending', 'meaning'],
      codes.map(([ending, { code, meaning }]) => [`${code}`, `\`${ending}\``, meaning]),
    ),
    '## Settings\n',
    tableOf(
      ['variable', 'meaning'],
      Object.entries(settingNames as Record<string, string>).map(([name, text]) => [`\`${name}\``, text]),
    ),
    '## Options of every command\n',
    optionTable(commonOf(program)),
    ...commandsOf(program).map((command) => section(command, commonOf(program))),
    completion,
  ].join('\n');
}

const completion = `## \`plimsoll complete SHELL\`

Prints what bash, zsh or fish completes commands, options and environments with:
\`source <(plimsoll complete bash)\`.
`;

function commandsOf(parent: Command): Command[] {
  return parent.commands.flatMap((command) => (command.commands.length > 0 ? commandsOf(command) : [command]));
}

const has = (command: Command, flags: string) => command.options.some((option) => option.flags === flags);

/** What all of them have. */
function commonOf(program: Command): readonly Option[] {
  const [first, ...others] = commandsOf(program);
  return (first?.options ?? []).filter(({ flags }) => others.every((other) => has(other, flags)));
}

function section(command: Command, common: readonly Option[]): string {
  const own = command.options.filter(({ flags }) => common.every((option) => option.flags !== flags));
  const words = command.registeredArguments.map((each) => (each.required ? `<${each.name()}>` : `[${each.name()}]`));
  const path = command.parent?.parent ? `${command.parent.name()} ${command.name()}` : command.name();
  const options = own.length > 0 ? `\n${optionTable(own)}` : '';
  return `## \`${['plimsoll', path, ...words].join(' ')}\`\n\n${command.description()}\n${options}`;
}

function optionTable(options: readonly Option[]): string {
  const rows = options.map(({ flags, description, mandatory, defaultValue, argChoices }) => {
    const choices = argChoices ? `: ${argChoices.map((choice) => `\`${choice}\``).join(', ')}` : '';
    const fallback = defaultValue === undefined ? '' : `; ${String(defaultValue)} unless given`;
    return [`\`${flags}\``, `${description}${choices}${fallback}${mandatory ? '. Required' : ''}`];
  });
  return tableOf(['option', 'meaning'], rows);
}

function tableOf(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [titles, titles.map(() => '---'), ...rows.map((row) => row.map((cell) => cell.replaceAll('|', '\\|')))];
  return `${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;
}
