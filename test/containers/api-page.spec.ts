import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from '../../ops/scripts/build.mjs';
import { ensureInstalled } from '../../ops/scripts/docs-site-run.mjs';
import { OwnPostgres } from '../support/own-postgres.js';
import { type Program, startProgram } from '../support/program.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Look {
  faultsOfApiPage(url: string): Promise<string[]>;
}

/** Beside the containers, since Chromium is there; it needs none of them. */
describe('the page of the API', () => {
  let postgres: OwnPostgres;
  let program: Program;

  beforeAll(async () => {
    const { signal } = new AbortController();
    await ensureInstalled(signal);
    await ensureBuilt(signal);
    postgres = await OwnPostgres.start();
    program = await startProgram({ DATABASE_URL: postgres.url });
    await program.untilReady();
  });

  afterAll(async () => {
    await program.kill();
    await postgres.remove();
  });

  it('is without errors, serious faults of accessibility, overflow and requests to others, on a phone and a desktop', async () => {
    // By path: ops has a TypeScript configuration of its own.
    const { faultsOfApiPage } = (await import(join(root, 'ops/site/look/api-page.ts'))) as Look;
    expect(await faultsOfApiPage(program.url)).toEqual([]);
  });
});
