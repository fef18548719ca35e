import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './planted-tree.js';

interface Drill {
  alert: string;
  because?: string;
  inject?: string;
  during?: string;
  after?: string;
}

interface Modules {
  drills: readonly Drill[];
  ofEveryRun(): Drill[];
  ofTheDay(today: Date): Drill[];
  blocksOf(text: string): string[];
  lastDrilled(alert: string, records: object): string;
  merged(before: object | undefined, now: object): object;
}

// By path: ops has a TypeScript configuration of its own.
const load = (name: string) => import(join(root, 'ops/drills', name)) as Promise<Modules>;
const { drills } = await load('drills.ts');
const { ofEveryRun, ofTheDay } = await load('selection.ts');
const { blocksOf } = await load('runbook.ts');
const { lastDrilled, merged } = await load('report.ts');

const folder = join(root, 'docs/runbooks');
const pages = readdirSync(folder).filter((name) => name.endsWith('.md'));
/** By whom they are printed or run. */
const scripts: [string, string][] = [
  ...pages.flatMap((name) =>
    blocksOf(readFileSync(join(folder, name), 'utf8')).map((block): [string, string] => [name, block]),
  ),
  ...drills.flatMap(({ alert, inject, during, after }) =>
    [inject, during, after].flatMap((script): [string, string][] => (script === undefined ? [] : [[alert, script]])),
  ),
];

describe('the commands of runbooks and drills', () => {
  it.each(scripts)('of %s can be parsed by bash: %s', (_name, script) => {
    expect(spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' }).stderr).toBe('');
  });

  it('start with programs of the tree that there are', () => {
    const programs = scripts.flatMap(([, script]) => script.match(/\bops\/[\w/-]+(?:\.ts)?/g) ?? []);
    expect([...new Set(programs)].filter((program) => !existsSync(join(root, program)))).toEqual([]);
  });
});

describe('the drills', () => {
  it('are one for each alert', () => {
    const names = drills.map(({ alert }) => alert);
    expect(names).toEqual([...new Set(names)]);
  });

  it('of every run are five', () => {
    expect(ofEveryRun()).toHaveLength(5);
  });

  it('of the day are five others, and all of them within a fortnight', () => {
    const days = Array.from({ length: 14 }, (_, day) => ofTheDay(new Date(Date.UTC(2026, 10, 29 + day))));
    expect(days.every((rows) => new Set(rows).size === 5)).toBe(true);
    const drilled = new Set([...ofEveryRun(), ...days.flat()]);
    expect(drilled.size).toBe(drills.filter(({ inject }) => inject !== undefined).length);
  });

  it('say in the runbook how long it took, or why there is none', () => {
    const record = { on: '2026-11-29', factor: 60, detect: 12.5, recover: 3, resolve: 8 };
    expect(lastDrilled('RedisDown', { RedisDown: record })).toMatch(/^2026-11-29: .* after 12.5 s, .* 3 s [^]* 8 s\. /);
    expect(lastDrilled('RedisDown', {})).toBe('Never.');
    expect(lastDrilled('Watchdog', {})).toMatch(/^Never: .+\.$/);
  });

  it('with the rules of production add the time to the page, and keep what a quick one found', () => {
    const quick = { on: '2026-11-29', factor: 60, detect: 12.5, recover: 3, resolve: 8 };
    const slow = { on: '2026-11-30', factor: 1, detect: 75, recover: 4, resolve: 240 };
    const both = { ...quick, production: { on: '2026-11-30', detect: 75 } };
    expect(merged(quick, slow)).toEqual(both);
    expect(merged(both, { ...quick, detect: 13 })).toEqual({ ...both, detect: 13 });
    expect(merged(undefined, slow)).toEqual({ ...slow, production: { on: '2026-11-30', detect: 75 } });
  });
});
