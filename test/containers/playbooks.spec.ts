import { run } from './stack.mjs';

/** A stack of its own, since what a page does to it is not to be met by other tests. */
const WITHIN_MS = 900_000;

describe('playbooks', () => {
  it('are executed as they are printed, while clients read and write: those of every run', async () => {
    const env = { COMPOSE_PROJECT_NAME: 'plimsoll-test-playbooks', PROXY_PORT: '18683' };
    const args = ['ops/drills/main.ts', 'playbook', '--quick', '--no-record'];
    const told = await run('node', args, { timeoutMs: WITHIN_MS, env });
    expect(told).toMatch(/^3 passed, 0 failed, 0 skipped$/m);
  }, 2_700_000);
});
