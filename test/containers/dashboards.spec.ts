import { project, run } from './stack.mjs';

describe('the dashboards', () => {
  it('show something in every panel, with legends that can be told apart, while the stack is under load', async () => {
    const check = ['ops/grafana/check/main.ts', '--project', project, '--within', '90'];
    const said = await run('node', check, { timeoutMs: 200_000 });
    expect(said).toMatch(/\d+ panels, each without a fault\./);
  });
});
