import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { parsePlimsollFile } from '../../src/cli/plimsoll-file/read-plimsoll-file.js';
import { LEASE_MS } from '../../src/delivery/gates/store/engine-lease.js';
import { root } from './planted-tree.js';

const pageOf = (path: string) => readFile(join(root, path), 'utf8');

/** Those that a newcomer follows without containers. */
const pages = ['README.md', 'CONTRIBUTING.md', 'docs/how-to/migrate.md', 'docs/how-to/run-with-your-own-postgresql.md'];

/** Pages whose commands are pasted by people in a hurry. */
const pasted = globSync('docs/{how-to,playbooks,tutorial,reference}/**/*.md', { cwd: root }).toSorted();

const execute = promisify(execFile);

const blocksOf = (text: string, kinds: string) =>
  [...text.matchAll(new RegExp(`^\`\`\`(?:${kinds})\\n(.*?)^\`\`\`$`, 'gms'))].map(([, block = '']) => block);

/** Blocks, and commands within sentences and tables. */
const commandsOf = (text: string) => [
  ...blocksOf(text, 'sh|bash'),
  ...[...text.matchAll(/`(plimsoll [a-z][^`\n]*)`/g)].map(([, command = '']) => command),
];

const optionsIn = (text: string) => [...text.matchAll(/(?<![\w-])(--?[a-z][\w-]*)/g)].map(([, option = '']) => option);

interface Site {
  groups(): { label: string; entries: { page: string }[] }[];
}

interface Packages {
  scripts: Record<string, string>;
}

describe('the pages', () => {
  it.each(['docs/explanation/architecture.md', 'docs/explanation/engine.md', 'docs/reference/gate.md'])(
    '%s knows the lease of an engine',
    async (page) => {
      expect(await pageOf(page)).toMatch(new RegExp(`lease [^.]*\\b${LEASE_MS / 1000} s\\b`));
    },
  );

  it('print no npm script that there is not', async () => {
    const { scripts } = JSON.parse(await pageOf('package.json')) as Packages;
    const known = new Set([...Object.keys(scripts), 'ci']);
    for (const page of pages) {
      const printed = [...(await pageOf(page)).matchAll(/(?:`|^)npm (?:run )?([a-z:]+)/gm)].map(
        ([, name = '']) => name,
      );
      expect(printed.filter((name) => !known.has(name))).toEqual([]);
    }
  });

  it('print no program that the Node of a newcomer cannot run, where no container runs it', async () => {
    for (const page of pages) {
      const blocks = [...(await pageOf(page)).matchAll(/^```(?:sh|bash)\n(.*?)^```$/gms)].map(([, text = '']) => text);
      expect(blocks.filter((text) => /^node dist/m.test(text))).toEqual([]);
    }
  });

  it('name every page in the navigation of the site, once', async () => {
    // By path: ops has a TypeScript configuration of its own.
    const { groups } = (await import(join(root, 'ops/site/source/navigation.ts'))) as Site;
    const named = groups().flatMap(({ entries }) => entries.map(({ page }) => page));
    const there = globSync('**/*.md', { cwd: join(root, 'docs') }).filter((page) => page !== 'README.md');
    // The home page shows docs/README.md, and each long list has its own index, which is on the list of the home page.
    expect(there.filter((page) => page !== 'decisions/README.md' && !named.includes(page))).toEqual([]);
    expect(named.filter((page, at) => named.indexOf(page) !== at && !/^(?:run|play)books\//.test(page))).toEqual([]);
  });

  it('show only a plimsoll.yml that the command takes, and its schema too', async () => {
    const schema = JSON.parse(await pageOf('docs/reference/plimsoll.schema.json'));
    const isRight = new Ajv2020({ strict: false }).compile(schema);
    let shown = 0;
    for (const page of pasted) {
      for (const block of blocksOf(await pageOf(page), 'yaml').filter((text) => /^service: /m.test(text))) {
        shown += 1;
        isRight(parse(block));
        expect({ page, errors: isRight.errors ?? [] }).toEqual({ page, errors: [] });
        expect(parsePlimsollFile(block).slot('production').hosts).not.toHaveLength(0);
      }
    }
    expect(shown).toBeGreaterThan(4);
  });

  it('print no command or option of plimsoll that there is not', async () => {
    const reference = await pageOf('docs/reference/command-line.md');
    const sections = reference.split(/^## /m);
    const common = sections.find((section) => section.startsWith('Options of every command')) ?? '';
    const known = new Map(
      sections.flatMap((section) => {
        const [, name] = /^`plimsoll ([a-z]+(?: [a-z]+)?)/.exec(section) ?? [];
        return name === undefined ? [] : [[name, new Set(optionsIn(common + section))] as const];
      }),
    );
    const faults: string[] = [];
    for (const page of pasted) {
      for (const block of commandsOf(await pageOf(page))) {
        for (const [, line = ''] of block.replaceAll('\\\n', ' ').matchAll(/^\s*plimsoll ([^#|\n]*)/gm)) {
          const name = [...known.keys()].find((command) => `${line.trim()} `.startsWith(`${command} `));
          const unknown = optionsIn(line.replaceAll(/'[^']*'|"[^"]*"/g, '')).filter(
            (option) => name !== undefined && !known.get(name)?.has(option),
          );
          if (name === undefined || unknown.length > 0) faults.push(`${page}: plimsoll ${line.trim()}`);
        }
      }
    }
    expect(faults).toEqual([]);
  });

  it('print no option of npm run logs that there is not', async () => {
    const { stdout } = await execute(process.execPath, [join(root, 'ops/scripts/logs.mjs'), '--help']);
    const known = new Set(optionsIn(stdout));
    for (const page of [...pasted, ...globSync('docs/runbooks/*.md', { cwd: root })]) {
      const lines = [...(await pageOf(page)).matchAll(/npm run logs -- ([^|`\n]*)/g)].map(([, line = '']) => line);
      const unknown = lines.flatMap(optionsIn).filter((option) => !known.has(option));
      expect({ page, unknown }).toEqual({ page, unknown: [] });
    }
  });

  it('print no program of ops/scripts that there is not', async () => {
    const programs = new Set(globSync('ops/scripts/*', { cwd: root }));
    for (const page of pasted) {
      const printed = [...(await pageOf(page)).matchAll(/(?:^|`)(ops\/scripts\/[\w.-]+)/gm)].map(
        ([, path = '']) => path,
      );
      expect({ page, unknown: printed.filter((path) => !programs.has(path)) }).toEqual({ page, unknown: [] });
    }
  });
});
