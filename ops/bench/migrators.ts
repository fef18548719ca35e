/**
 * Eight migrators at once on an empty database, again and again: all have to exit with 0, and each migration has to be
 * applied once.
 *
 *   DATABASE_URL=postgres://… node ops/bench/migrators.ts [--rounds 50] [--migrators 8]
 */
import { execFile } from 'node:child_process';
import { parseArgs } from 'node:util';
import { machine, ownDatabase, ROOT } from './server.ts';

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '50' }, migrators: { type: 'string', default: '8' } },
});
const [rounds, migrators] = [Number(options.rounds), Number(options.migrators)];

interface Ending {
  readonly code: number | string | null;
  readonly applied: readonly string[];
}

const wrong: string[] = [];
let known = 0;
for (let round = 1; round <= rounds; round += 1) {
  const endings = await raceOnAnEmptyDatabase();
  const applied = endings.flatMap((ending) => ending.applied);
  known = new Set(applied).size;
  if (endings.some(({ code }) => code !== 0))
    wrong.push(`round ${round}: ${endings.map(({ code }) => code).join(' ')}`);
  if (applied.length !== known) wrong.push(`round ${round}: applied ${applied.join(' ')}`);
}
console.log(machine());
console.log(`${rounds} rounds of ${migrators} migrators and ${known} migrations: ${wrong.length} went wrong (goal 0)`);
for (const what of wrong) console.log(`  ${what}`);
process.exit(wrong.length === 0 && known > 0 ? 0 : 1);

async function raceOnAnEmptyDatabase(): Promise<Ending[]> {
  const database = await ownDatabase('bench_migrators');
  try {
    return await Promise.all(Array.from({ length: migrators }, () => migrate(database.url)));
  } finally {
    await database.drop();
  }
}

function migrate(databaseUrl: string): Promise<Ending> {
  const env = { PATH: process.env['PATH'], APP_ENV: 'test', DATABASE_URL: databaseUrl };
  return new Promise((resolve) => {
    execFile(process.execPath, ['dist/migrate.js', 'up'], { cwd: ROOT, env }, (error, stdout) =>
      resolve({
        code: error ? (error.code ?? error.signal ?? null) : 0,
        applied: stdout.match(/(?<=applied )\w+/g) ?? [],
      }),
    );
  });
}
