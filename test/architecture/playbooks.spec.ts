import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './planted-tree.js';

interface Playbook {
  page: string;
  situation: string;
  arrange?: string;
  fault?: string;
  environment?: string;
  proof?: string;
  tidy?: string;
  clients: string;
}

interface Page {
  steps: string[];
  back: string[];
}

interface Modules {
  playbooks: readonly Playbook[];
  parsePage(text: string): Page;
  scriptOf(page: Page, environment?: string): string;
  parseGuide(text: string): { first: string[]; afterwards: string[] };
  playbookFaults(tree: { pages: Map<string, string>; rows: Playbook[]; executions: object }): string[];
  parseJournal(text: string, from?: number): { sent: number; failed: number; silent: number; written: string[] };
  playbooksOfEveryRun(): Playbook[];
  playbooksOfTheDay(today: Date): Playbook[];
  drawFaults(seed: number): { alert: string }[];
}

// By path: ops has a TypeScript configuration of its own.
const load = (name: string) => import(join(root, 'ops', name)) as Promise<Modules>;
const { playbooks } = await load('playbooks/playbooks.ts');
const { parsePage, scriptOf } = await load('playbooks/page.ts');
const { parseGuide } = await load('playbooks/guide.ts');
const { playbookFaults } = await load('checks/playbooks.ts');
const { parseJournal } = await load('playbooks/journal.ts');
const { playbooksOfEveryRun, playbooksOfTheDay } = await load('playbooks/selection.ts');
const { drawFaults } = await load('playbooks/game-day-faults.ts');

const textOf = (page: string) => readFileSync(join(root, 'docs/playbooks', `${page}.md`), 'utf8');
const guide = parseGuide(textOf('respond-to-an-incident'));
const scripts: [string, string][] = [
  ...playbooks.map(({ page, environment }): [string, string] => [page, scriptOf(parsePage(textOf(page)), environment)]),
  ...playbooks.flatMap(({ page, arrange, fault, proof, tidy }) =>
    [arrange, fault, proof, tidy].flatMap((script): [string, string][] =>
      script === undefined ? [] : [[page, script]],
    ),
  ),
  ['respond-to-an-incident', [...guide.first, ...guide.afterwards].join('\n')],
];

describe('the commands of playbooks', () => {
  it.each(scripts)('of %s can be parsed by bash', (_page, script) => {
    expect(spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' }).stderr).toBe('');
  });

  it('start with programs of the tree that there are', () => {
    const programs = scripts.flatMap(
      ([, script]) => script.match(/\bops\/(?:scripts|playbooks)\/[\w-]+(?:\.ts)?/g) ?? [],
    );
    expect([...new Set(programs)].filter((program) => !existsSync(join(root, program)))).toEqual([]);
  });

  it('that stand in a numbered list are executed as well, in their order', () => {
    const text =
      '# A\n\n## Steps\n\n1. First\n\n   ```bash\n   one\n   ```\n\n2. Second\n\n   ```bash\n   two\n   ```\n';
    expect(parsePage(text).steps).toEqual(['one', 'two']);
  });

  it('leave to the next block what they have set, and to the way back as well', () => {
    const page = { steps: ['name=one', 'printf "%s " "$name"'], back: ['printf "%s again\\n" "$name"'] };
    const script = scriptOf(page).replaceAll(/^ops\/scripts\/wait-healthy.*$/gm, 'true');
    const { stdout } = spawnSync('bash', ['-euo', 'pipefail', '-c', script], { encoding: 'utf8' });
    expect(stdout).toMatch(/one ### it worked after \d+\n### back 1\none again\n$/);
  });
});

const row = (page: string): Playbook => ({ page, situation: 'It was on.', clients: 'answered' });
const page = (commands: string) =>
  ['When to use it', 'What it costs', 'Before you start', 'Steps', 'How to know that it worked', 'How to go back']
    .map((heading) => `## ${heading}\n\n${heading === 'Steps' ? commands : 'Text.'}\n`)
    .join('\n') + '\n## Last executed\n\nNever. It was on.\n';
const command = '```bash\ntrue\n```';

function faultsOf(pages: Record<string, string>, rows: Playbook[]): string[] {
  return playbookFaults({ pages: new Map(Object.entries(pages)), rows, executions: {} });
}

describe('the check of playbooks', () => {
  it('finds nothing in a page that is executed', () => {
    expect(faultsOf({ a: page(command) }, [row('a')])).toEqual([]);
  });

  it.each([
    ['a page that nothing executes', { a: page(command) }, [], /^a: nothing executes its commands/],
    ['a page without commands', { a: page('Type something.') }, [row('a')], /^a: it has no commands$/],
    [
      'a block that is not executed',
      { a: page(`${command}\n\n\`\`\`sh\ntrue\n\`\`\``) },
      [row('a')],
      /^a: .*marked sh/,
    ],
    ['a missing section', { a: page(command).replace('## What it costs', '') }, [row('a')], /^a: its sections are/],
    ['a page that tells of another execution', { a: page(command).replace('Never', 'Often') }, [row('a')], /^a: "Last/],
    ['a row without page', {}, [row('a')], /^a: a row in ops\/playbooks without page$/],
    ['a guide without commands', { 'respond-to-an-incident': '# A' }, [], /no commands for a game day/],
  ])('reports %s by its name', (_what, pages, rows, fault) => {
    expect(faultsOf(pages, rows)).toEqual([expect.stringMatching(fault)]);
  });
});

describe('what clients were told', () => {
  const journal = 'ok 1000 played-1\nok 1100 -\n503 1200 -\nok 4100 played-2\n503 4200 -\nok 42';

  it('is counted from the first command on, without the line that was cut off', () => {
    expect(parseJournal(journal, 1150)).toMatchObject({ sent: 3, failed: 2, written: ['played-1', 'played-2'] });
  });

  it('has its longest time without a good answer', () => {
    expect(parseJournal(journal)).toMatchObject({ sent: 5, failed: 2, silent: 3 });
  });
});

describe('playbooks that are executed by themselves', () => {
  it('are three in every run, and two others a day, so that all are within a week', () => {
    const days = Array.from({ length: 7 }, (_, day) => playbooksOfTheDay(new Date(Date.UTC(2026, 10, 29 + day))));
    expect(playbooksOfEveryRun()).toHaveLength(3);
    expect(days.every((rows) => new Set(rows).size === 2)).toBe(true);
    expect(new Set([...playbooksOfEveryRun(), ...days.flat()]).size).toBe(playbooks.length);
  });
});

const alerts = (seed: number) => drawFaults(seed).map(({ alert }) => alert);

describe('a game day', () => {
  it('draws the same three faults for the same seed, and others for others', () => {
    expect(alerts(7)).toEqual(alerts(7));
    expect(alerts(7)).toHaveLength(3);
    expect(new Set(Array.from({ length: 50 }, (_, seed) => alerts(seed).join())).size).toBeGreaterThan(20);
  });
});
