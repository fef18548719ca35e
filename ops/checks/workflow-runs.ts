import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { clone } from '../scripts/clone.mjs';

/** What comes of a step's `run:`, wherever it stands. */
export interface Runner {
  readonly run?: string;
}

/** A word that a shell takes as it stands, or a quoted variable: nothing that starts, joins or fills in anything. */
const word = String.raw`(?:[\w./:=@%+,-]+|"\$\w+")`;
const words = `(?: ${word})*`;
/** As root, with the programs and the variables of the runner. */
const asRoot = /^sudo (?:--preserve-env(?:=[A-Z_]+)? )?env "PATH=\$PATH" /;

const script = new RegExp(`^npm (?:run ([a-z:-]+)(?: --${words})?|test)$`);
/** Of another repository's job, too: the action brings its own copy of the tree. */
const program = new RegExp(`^(?:"\\$GITHUB_ACTION_PATH"/\\.\\./\\.\\./\\.\\./)?(ops/scripts/[\\w.-]+)${words}$`);

/** What a runner needs before it can run any of ours. */
const installations: readonly RegExp[] = [
  /^bash \.ci\/run(?: (?:test|check|containers))+$/,
  /^npm ci --no-audit --no-fund$/,
  /^sudo apt-get update -qq && sudo apt-get install -y -qq --no-install-recommends(?: [a-z0-9.+-]+)+$/,
  /^sudo pipx install --global podman-compose==[\d.]+$/,
  /^sudo systemctl start podman\.socket$/,
];

/**
 * Steps are thin: what a step runs, runs here as well, so that it is tested, read by shellcheck, and can be called by hand
 * when a pipeline is away.
 */
export function runFaults(where: string, { run = '' }: Runner, scripts: Readonly<Record<string, unknown>>): string[] {
  const lines = run.split('\n').filter((line) => line.trim() !== '');
  return lines.flatMap((line) => lineFaults(line.trim(), scripts)).map((fault) => `${where} ${fault}`);
}

function lineFaults(line: string, scripts: Readonly<Record<string, unknown>>): string[] {
  const call = line.replace(asRoot, '');
  if (installations.some((pattern) => pattern.test(call))) return [];
  const [, path] = program.exec(call) ?? [];
  if (path !== undefined) return existsSync(join(clone, path)) ? [] : [`runs ${path}, which there is not`];
  const found = script.exec(call);
  if (found === null) return [`runs "${line}": no npm script, no program of ops/scripts, no known installation`];
  const [, name = 'test'] = found;
  return name in scripts ? [] : [`runs npm run ${name}, which there is not`];
}
