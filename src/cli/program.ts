import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import type { Schemas } from '../client/plimsoll-client.js';
import type { CommonOptions } from './context.js';
import type { Interruption } from './interruption.js';
import { runCommand, type CommandFunction } from './run-command.js';
import type { Output } from './output/output.js';

type Load = () => Promise<CommandFunction>;

/** The whole command line. Completion and the reference page are made from it. */
export function plimsollProgram(output: Output, interruption: Interruption): Command {
  const program = new Command('plimsoll')
    .description('Deploys a service, follows its gate, and asks the ledger what runs where.')
    .enablePositionalOptions()
    .exitOverride()
    .configureHelp({ showGlobalOptions: false })
    // To programs a fault is told as an object, when it is known how it ends.
    .configureOutput({ writeErr: (text) => void (output.isJson || process.stderr.write(text)) })
    .showHelpAfterError('(plimsoll help shows the commands)');
  const add = adder(program, output, interruption);
  addDeployments(add);
  addQuestions(add);
  addReport(add);
  addChanges(add);
  addFreezes(program, output, interruption);
  addHelpers(add);
  addHistory(add);
  return program;
}

type Add = (name: string, summary: string, load: Load) => Command;

function adder(parent: Command, output: Output, interruption: Interruption): Add {
  return (name, summary, load) => {
    const command = parent
      .command(name)
      .summary(summary)
      .description(`${summary}.`)
      .option('--json', 'say all as one JSON object a line')
      .option('--url <url>', 'where Plimsoll listens, in place of PLIMSOLL_URL')
      .option('-f, --file <path>', 'the file of the service, plimsoll.yml unless given')
      .option('--service <name>', 'the service, in place of that of the file')
      .option('--timeout <seconds>', 'give up after so long, with exit code 124', positive);
    return command.action(async (...args: unknown[]) => {
      const own = args.at(-1) as Command;
      const options = own.optsWithGlobals<CommonOptions>();
      await runCommand(await load(), { output, interruption, options, args: own.processedArgs as string[] });
    });
  };
}

const environment = () => new Argument('[environment]', 'the environment; the only one of the file unless given');

function addQuestions(add: Add): void {
  add(
    'status',
    'Show what runs, what ran well last, and what is under way',
    async () => (await import('./commands/status.js')).status,
  ).addArgument(environment());
  add(
    'verdict',
    'Show what the gate says of a deployment, or wait for it',
    async () => (await import('./commands/verdict.js')).verdict,
  )
    .addArgument(environment())
    .option('--deployment <id>', 'the deployment; the newest of the slot unless given')
    .option('--wait', 'wait until the verdict falls');
  add(
    'history',
    'List the deployments of a slot, newest first',
    async () => (await import('./commands/history.js')).history,
  )
    .addArgument(environment())
    .option('--limit <count>', 'how many', count, 20)
    .addOption(
      new Option('--state <state>', 'only those in this state').choices([
        'queued',
        'in_progress',
        'verifying',
        'on_hold',
        'promoted',
        'rejected',
        'failed',
        'cancelled',
        'superseded',
      ] satisfies Schemas['Deployment']['state'][]),
    );
  add(
    'lock',
    'Show who holds a slot, and until when',
    async () => (await import('./commands/lock.js')).lock,
  ).addArgument(environment());
  add('hosts', 'Show what each host runs', async () => (await import('./commands/hosts.js')).hosts).addArgument(
    environment(),
  );
}

/** Which release is meant, and what it is where the ledger has not got it yet. */
function withRelease(command: Command): Command {
  return command
    .addArgument(environment())
    .option('--release <release>', 'the digest of the image, or the version of a release that the ledger has')
    .option('--version <version>', 'the version of a release that the ledger has not got yet')
    .option('--git-sha <sha>', 'its commit, 40 hex digits');
}

function addDeployments(add: Add): void {
  withRelease(
    add(
      'plan',
      'Show what a deployment would do now, and what stands in its way',
      async () => (await import('./commands/plan.js')).plan,
    ),
  );
  withRelease(
    add(
      'deploy',
      'Put a release on the hosts of an environment, and follow its gate',
      async () => (await import('./commands/deploy.js')).deploy,
    ),
  )
    .option('-y, --yes', 'confirm what plan shows')
    .option('--wait', 'wait while another deployment is under way, until --timeout')
    .option('--resume', 'go on with a deployment that was cut off')
    .option('--abort', 'bring every host back to what it served before')
    .option('--sequence-key <time>', 'say the time of its commit: refused where what runs has a later one', time)
    .option('--override-freeze <reason>', 'deploy although a freeze is on (takes an operator)')
    .option('--without-ledger', 'while Plimsoll is away: watch readiness alone')
    .option('--bake <seconds>', 'with --without-ledger: for how long', positive, 60);
  add('logs', 'Show what the containers write that serve now', async () => (await import('./commands/logs.js')).logs)
    .addArgument(environment())
    .option('--host <name>', 'of this host alone')
    .option('--lines <count>', 'of each container', count, 50)
    .option('--follow', 'go on with what comes');
}

function addReport(add: Add): void {
  add(
    'report',
    'Tell the ledger what was deployed without it',
    async () => (await import('./commands/report.js')).report,
  )
    .addArgument(environment())
    .option('--override-freeze <reason>', 'also while a freeze is on (takes an operator)');
}

function addChanges(add: Add): void {
  add(
    'rollback',
    'Go back to the last known good release, or another one',
    async () => (await import('./commands/rollback.js')).rollback,
  )
    .addArgument(environment())
    .requiredOption('--reason <text>', 'why, for the ledger')
    .option('--to <release>', 'the digest or the version of a release that was promoted here')
    .option('--force', 'also while a deployment changes hosts (takes an operator)')
    .option('--ledger-only', 'change no host: something else does, and reports')
    .option('-y, --yes', 'confirm it');
  add(
    'apply',
    'Put hosts and gate of the file into the ledger',
    async () => (await import('./commands/apply.js')).apply,
  ).addArgument(environment());
}

function addFreezes(program: Command, output: Output, interruption: Interruption): void {
  const freeze = program
    .command('freeze')
    .summary('Add, list or remove freezes')
    .description('Add, list or remove freezes.')
    .exitOverride();
  const add = adder(freeze, output, interruption);
  add('add', 'Let no deployment start for a time', async () => (await import('./commands/freeze.js')).addFreeze)
    .addArgument(new Argument('[environment]', 'the environment; all unless given'))
    .requiredOption('--reason <text>', 'why, for whoever is refused')
    .option('--from <time>', 'RFC 3339; now unless given')
    .option('--to <time>', 'RFC 3339; the first instant at which it is over')
    .option('--for <duration>', 'in place of --to: 90m, 12h, 3d', duration)
    .option('--weekly <days>', 'every week on these days: fri or sat,sun', list)
    .option('--between <times>', 'with --weekly: 16:00-23:59')
    .option('--time-zone <name>', "with --weekly: Europe/Berlin; this machine's unless given");
  add(
    'list',
    'List freezes, and say whether one holds now',
    async () => (await import('./commands/freeze.js')).listFreezes,
  ).addArgument(new Argument('[environment]', 'the environment; all unless given'));
  add('remove', 'Remove a freeze', async () => (await import('./commands/freeze.js')).removeFreeze).addArgument(
    new Argument('<id>', 'its id, as freeze list shows it'),
  );
}

function addHelpers(add: Add): void {
  add(
    'doctor',
    'Check everything that a deployment needs, and say what to do',
    async () => (await import('./commands/doctor.js')).doctor,
  ).addArgument(environment());
  add('init', 'Ask some questions and write a plimsoll.yml', async () => (await import('./commands/init.js')).init);
}

function addHistory(add: Add): void {
  add(
    'timeline',
    'Show who did what and what happened, in its order, by the audit log (takes an operator)',
    async () => (await import('./commands/timeline.js')).timeline,
  )
    .option('--since <duration>', 'from so long ago, such as 90m, 2h or 3d', duration, 24 * 3_600_000)
    .option('--from <time>', 'from this time, in place of --since: 2026-03-02T10:00:00Z')
    .option('--to <time>', 'until this time')
    .option('--limit <count>', 'the newest so many', count, 1000);
  add(
    'export',
    'Write the ledger as lines of JSON, which import takes',
    async () => (await import('./commands/export.js')).exportLedger,
  ).option('-o, --output <path>', 'a file; called again after a failure, it goes on where it was');
  add(
    'import',
    'Take in history: lines of JSON, of export or another tool (takes an admin)',
    async () => (await import('./commands/import.js')).importLines,
  ).addArgument(new Argument('<path>', 'the file of lines; - for the standard input'));
}

function positive(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0 && value <= 1_000_000) return value;
  throw new InvalidArgumentError('It must be a number of seconds, over 0.');
}

function count(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0 && value <= 1000) return value;
  throw new InvalidArgumentError('It must be a whole number, 1 to 1000.');
}

function time(text: string): string {
  const at = new Date(text);
  if (/^\d{4}-\d\d-\d\dT/.test(text) && !Number.isNaN(at.getTime())) return at.toISOString();
  throw new InvalidArgumentError('It must be a time as RFC 3339 has it: 2026-03-02T10:00:00Z.');
}

const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

function duration(text: string): number {
  const [, digits, unit = ''] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  if (digits !== undefined) return Number(digits) * (units[unit] ?? 0);
  throw new InvalidArgumentError('It must be a number with a unit: 90m, 12h or 3d.');
}

const list = (text: string): string[] => text.split(',').map((word) => word.trim());
