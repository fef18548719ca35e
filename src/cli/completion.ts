import { readFileSync } from 'node:fs';
import tab from '@bomb.sh/tab/commander';
import type { Command } from 'commander';
import { parse } from 'yaml';

/** `plimsoll complete bash` prints what a shell sources; that asks `plimsoll complete -- WORDS` at each press of Tab. */
export function addCompletion(program: Command, shell: string | undefined): void {
  if (shell === 'bash') process.stdout.write(wordsOfBash);
  const completed = tab(program);
  for (const { arguments: all } of completed.commands.values()) {
    const environment = all.get('environment');
    if (environment) environment.handler = (complete) => environments().forEach((name) => complete(name, ''));
  }
}

/** What the script takes from the package bash-completion, for where that is not installed. */
const wordsOfBash = `if ! declare -F _get_comp_words_by_ref >/dev/null; then
  _get_comp_words_by_ref() {
    words=("\${COMP_WORDS[@]}") cword=$COMP_CWORD cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]}
  }
fi
`;

/** Those of the plimsoll.yml here. While somebody types, a file that is wrong or missing is no fault. */
function environments(): string[] {
  try {
    const file = parse(readFileSync('plimsoll.yml', 'utf8'), { logLevel: 'silent' }) as {
      environments?: object;
    } | null;
    return Object.keys(file?.environments ?? {});
  } catch {
    return [];
  }
}
