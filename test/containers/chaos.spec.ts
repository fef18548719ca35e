import { join } from 'node:path';
import { minutes, seedOf } from '../chaos/seeds.js';
import { compose, folder, project, proxyPort, run } from './stack.mjs';

/** Two minutes, the start of a stack, and what healing takes on a machine that is busy. */
const WITHIN_MS = 1_500_000;

const environment = {
  COMPOSE_PROJECT_NAME: `${project}-chaos`,
  PROXY_PORT: String(proxyPort + 2),
  SECRETS_FOLDER: join(folder, 'secrets-of-chaos'),
};

describe('the stack, broken by chance', () => {
  // Two at once are much for a small machine.
  beforeAll(() => compose('down', '--timeout', '2'));

  it('keeps its promises for the seed of the day, and every promise that is broken on purpose is found', async () => {
    const given = ['--minutes', String(minutes), '--seed', String(seedOf(new Date())), '--plants'];
    const told = await run('node', ['ops/chaos/main.ts', ...given], { timeoutMs: WITHIN_MS, env: environment });
    expect(told.match(/^\d+ faults, [\d,]+ acknowledged writes, [\d,]+ reads, 0 violations$/gm)).toHaveLength(1);
    expect(told.match(/^✓ found: /gm)).toHaveLength(5);
  }, 3_000_000);
});
