import { parseArgs } from 'node:util';
import { InvalidSettings } from '../../operations/config/invalid-settings.js';
import { loadSettings } from '../../operations/config/load-settings.js';
import { SecretValues } from '../../operations/logging/secret-values.js';
import { MigrationRefused, Migrator } from './migrator.js';

const USAGE = `usage: npm run migrate -- up | down [--to NAME] | status
   or: node dist/migrate.js up | …, on Node 26 or newer

  up        applies what is pending, oldest first
  down      undoes the newest migration; with --to all that are newer than NAME
  status    lists the migrations: applied, pending, or unknown to this build

The database is that of DATABASE_URL.`;

const VERBS = new Set(['up', 'down', 'status']);

const exitCodes = { ok: 0, failed: 1, usage: 64, settings: 78 } as const;

/** Takes the secrets out of what is said; a database may repeat what it was told. */
let redact = (text: string): string => text;

/** Runs the command line of `migrate` and returns its exit code. */
export async function runMigrate(args: readonly string[]): Promise<number> {
  try {
    await migrate(args);
    return exitCodes.ok;
  } catch (error) {
    process.stderr.write(`migrate: ${redact(error instanceof Error ? error.message : String(error))}\n`);
    return exitCodeOf(error);
  }
}

async function migrate(args: readonly string[]): Promise<void> {
  const { positionals, values } = parseArgs({
    args: [...args],
    options: { to: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
  });
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const [command = '', ...rest] = positionals;
  if (rest.length > 0 || !VERBS.has(command) || (values.to !== undefined && command !== 'down')) {
    throw new MigrationRefused(USAGE);
  }
  const settings = loadSettings();
  const secrets = new SecretValues(settings);
  redact = (text) => secrets.redact(text);
  const migrator = new Migrator(settings.databaseUrl, say);
  if (command === 'up') {
    await migrator.up();
  } else if (command === 'down') {
    await migrator.down(values.to ?? null);
  } else {
    for (const { name, state } of await migrator.status()) say(`${state} ${name}`);
  }
}

function say(line: string): void {
  process.stdout.write(`migrate: ${redact(line)}\n`);
}

function exitCodeOf(error: unknown): number {
  if (error instanceof InvalidSettings) return exitCodes.settings;
  return error instanceof MigrationRefused || isUnknownArgument(error) ? exitCodes.usage : exitCodes.failed;
}

function isUnknownArgument(error: unknown): boolean {
  return error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}
