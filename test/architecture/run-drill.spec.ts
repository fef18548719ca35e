import { join } from 'node:path';
import { root } from './planted-tree.js';

interface Shell {
  run(script: string): Promise<string>;
  start(script: string): { stop(): Promise<void> };
}

interface Modules {
  runDrill(drill: object, runbook: object, shell: Shell): Promise<{ detect: number; recover: number; resolve: number }>;
  parseRunbook(text: string): object;
}

// By path: ops has a TypeScript configuration of its own.
const load = (name: string) => import(join(root, 'ops/drills', name)) as Promise<Modules>;
const { runDrill } = await load('run-drill.ts');
const { parseRunbook } = await load('runbook.ts');

const runbook = parseRunbook('# A\n\n## Diagnosis\n\n```bash\nlook\n```\n\n## Mitigation\n\n```bash\nmend\n```\n');

/** A stack in which the fault raises the alert at the second look, and a command ends it. */
function aStack(mendedBy: string) {
  const done: string[] = [];
  let looksUntilFiring = Infinity;
  const shell: Shell = {
    async run(script) {
      if (script.includes('alertmanager')) {
        looksUntilFiring -= 1;
        return looksUntilFiring < 0 ? '[{"labels": {"peer": "unleash"}}]' : '[]';
      }
      done.push(script.includes('wait-healthy') ? 'healthy' : script);
      if (script === 'break') looksUntilFiring = 1;
      if (script === mendedBy) looksUntilFiring = Infinity;
      return '';
    },
    start: (script) => {
      done.push(`begin ${script}`);
      return { stop: async () => void done.push(`end ${script}`) };
    },
  };
  return { done, shell };
}

describe('a drill', () => {
  it('breaks, looks and mends in order, by the commands of the page, and ends its traffic', async () => {
    const { done, shell } = aStack('mend');
    const drill = { alert: 'A', inject: 'break', during: 'traffic', after: 'tidy', labels: { peer: 'unleash' } };
    const times = await runDrill(drill, runbook, shell);
    expect(done).toEqual(['healthy', 'begin traffic', 'break', 'look', 'mend', 'healthy', 'tidy', 'end traffic']);
    expect(Object.keys(times)).toEqual(['detect', 'recover', 'resolve']);
  });

  it('ends its traffic also where a command of the page fails, and fails with that', async () => {
    const { done, shell } = aStack('mend');
    const failing: Shell = {
      ...shell,
      run: (script) => (script === 'mend' ? Promise.reject(new Error('no such container')) : shell.run(script)),
    };
    const drill = { alert: 'A', inject: 'break', during: 'traffic' };
    await expect(runDrill(drill, runbook, failing)).rejects.toThrow('no such container');
    expect(done).toEqual(['healthy', 'begin traffic', 'break', 'look', 'end traffic']);
  });
});
