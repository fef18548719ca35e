import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const plimsoll = `"${process.execPath}" "${program}"`;

const quoted = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(' ');

interface Shell {
  readonly program: string;
  readonly options: readonly string[];
  /** Loads the completion as the how-to says, and prints what Tab offers after these words, one a line. */
  readonly script: (words: readonly string[]) => string;
}

const shells: readonly Shell[] = [
  {
    program: 'bash',
    options: ['--norc'],
    script: (words) => `plimsoll() { ${plimsoll} "$@"; }
compopt() { :; }
source <(plimsoll complete bash)
COMP_WORDS=(plimsoll ${quoted(words)}) COMP_CWORD=${words.length}
__plimsoll_complete
printf '%s\\n' "\${COMPREPLY[@]}"`,
  },
  {
    // What zsh's own completion would be given.
    program: 'zsh',
    options: ['-f'],
    script: (words) => `plimsoll() { ${plimsoll} "$@"; }
compdef() { function=$1 }
_describe() { print -rl -- "\${(@P)2}" | sed 's/:/ /' }
source <(plimsoll complete zsh)
words=(plimsoll ${quoted(words)}) CURRENT=${words.length + 1}
$function`,
  },
  {
    program: 'fish',
    options: ['--no-config'],
    script: (words) => `function plimsoll; ${plimsoll} $argv; end
plimsoll complete fish | source
complete --do-complete 'plimsoll ${words.join(' ')}'`,
  },
];

// Where a shell is missing the others are tested, but CI has all.
const isThere = ({ program: shell }: Shell): boolean =>
  spawnSync(shell, ['--version']).status === 0 || process.env['CI'] === 'true';

describe.each(shells.filter(isThere))('completion in $program', ({ program: shell, options, script }) => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plimsoll-completion-'));
    await writeFile(join(folder, 'plimsoll.yml'), 'environments: { staging: {}, production: {} }\n');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each([
    ['a command', ['ver'], 'verdict'],
    ['an option of a command', ['verdict', '--w'], '--wait'],
    ['an environment of the plimsoll.yml here', ['status', 'prod'], 'production'],
  ])('offers %s', (_what, words, offered) => {
    const [cwd, env] = [folder, { ...process.env, HOME: folder }];
    const { stdout, stderr } = spawnSync(shell, [...options, '-c', script(words)], { cwd, env, encoding: 'utf8' });
    const offers = stdout.split('\n').map((line) => line.trim().split(/\s/)[0]);
    expect({ offers, stderr }).toEqual({ offers: expect.arrayContaining([offered]) as unknown, stderr: '' });
  });
});
