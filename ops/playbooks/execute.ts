import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from '../drills/faults.ts';
import type { Shell } from '../drills/shell.ts';
import { Failure, say } from '../scripts/terminal.mjs';
import { parseJournal, type Told } from './journal.ts';
import { type Page, scriptOf, worked } from './page.ts';
import type { Execution, Playbook } from './playbook.ts';

const limitSeconds = 1800;
const healthy = 'ops/scripts/wait-healthy --timeout 300';

/** Makes the situation, does what the page says and nothing else, while clients read and write, and looks what came of it. */
export async function execute(playbook: Playbook, page: Page, shell: Shell): Promise<Execution> {
  const tidy = async () => void (playbook.tidy !== undefined && (await shell.run(playbook.tidy)));
  const execution = await attempt(playbook, page, shell).catch(async (error: unknown) => {
    // There may be nothing to tidy yet. What failed first is what has to be read.
    await tidy().catch(() => undefined);
    throw error;
  });
  await tidy();
  return execution;
}

async function attempt(playbook: Playbook, page: Page, shell: Shell): Promise<Execution> {
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-playbook-'));
  const journal = join(folder, 'journal');
  await shell.run(healthy);
  if (playbook.arrange !== undefined) await shell.run(playbook.arrange, limitSeconds);
  const load = shell.start(`exec node ops/playbooks/load.ts ${journal}`);
  try {
    await shell.run(`until grep -q '^ok' ${journal} 2>/dev/null; do sleep 0.2; done`, 60).catch(() => {
      throw new Failure(`No request is answered well: ${load.said()}`);
    });
    const begunAt = Date.now();
    if (playbook.fault !== undefined) await shell.run(playbook.fault, limitSeconds);
    const said = await shell.run(scriptOf(page, playbook.environment), limitSeconds);
    if (playbook.proof !== undefined) await shell.run(playbook.proof);
    await load.stop();
    const told = parseJournal(await readFile(journal, 'utf8'), begunAt);
    const took = Number(said.split(worked)[1]?.split('\n')[0]);
    assertKept(playbook, told, await services(shell, folder));
    say(
      `  ${took} s, ${told.sent} requests, ${told.failed} failed (${told.faults.join(', ')}), ${told.silent} s silent`,
    );
    const { sent, failed, silent } = told;
    return { on: new Date().toISOString().slice(0, 10), took, sent, failed, silent };
  } finally {
    await load.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function assertKept({ clients }: Playbook, told: Told, there: ReadonlySet<string>): void {
  if (clients === 'answered' && told.failed > 0) {
    throw new Failure(`${told.failed} of ${told.sent} requests failed: ${told.faults.join(', ')}`);
  }
  const lost = told.written.filter((slug) => !there.has(slug));
  if (clients !== 'restored' && lost.length > 0) throw new Failure(`${lost.length} acknowledged writes are lost.`);
}

/** By way of a file: of what a command prints only the end is kept. */
async function services(shell: Shell, folder: string): Promise<Set<string>> {
  const file = join(folder, 'services');
  await shell.run(`${sql("copy (select slug from services where slug like 'played-%') to stdout")} >${file}`);
  return new Set((await readFile(file, 'utf8')).split('\n'));
}
