import { run } from './stack.mjs';

/** Most of it is waiting for an alert to resolve; a busy machine needs several times as long. */
const WITHIN_MS = 600_000;

describe('the drills of every day', () => {
  it('break the stack, find the alert, mend it by the commands of its runbook, and find it gone', async () => {
    const told = await run('node', ['ops/drills/main.ts', '--quick', '--no-record'], { timeoutMs: WITHIN_MS });
    expect(told).toMatch(/^5 passed, 0 failed, 0 skipped$/m);
  }, 2_000_000);
});
