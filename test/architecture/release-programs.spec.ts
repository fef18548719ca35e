import { execFile, execFileSync } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { root } from './planted-tree.js';

const digest = `sha256:${'d'.repeat(64)}`;
const changelog = `# Changelog

## Unreleased

- What is to come.

## 1.2.3, 2026-11-29

### Added

- A thing, with \`code\`.

## 1.2.30

- Another version.
`;

/** Stands for GitHub and the registry: it tells how it was called, and answers with what the test says. */
const outside = `#!/bin/sh
echo "$(basename "$0") $*" >> "$CALLS"
case "$*" in
  'release view '*) [ -n "$STATE" ] && echo "$STATE" ;;
  'release create '*) cat "\${9}" >> "$CALLS" ;;
  'inspect '*) [ -n "$THERE" ] && echo "$THERE" ;;
esac
`;

describe('the programs of a release', () => {
  let folder: string;

  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
      cwd: folder,
      stdio: 'pipe',
    });
  const run = async (program: string, args: string[], settings: Record<string, string> = {}) => {
    const env = { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}`, CALLS: join(folder, 'calls') };
    delete (env as Record<string, string>)['GITHUB_OUTPUT'];
    const { stdout } = await promisify(execFile)(join(folder, 'ops/scripts', program), args, {
      env: { ...env, ...settings },
    });
    return stdout;
  };
  const publishRelease = (settings = {}, of = digest) =>
    run('publish-release', ['v1.2.3', 'Registry.example.com/a', of, join(folder, 'release')], settings);
  const calls = async () => (await readFile(join(folder, 'calls'), 'utf8')).trim().split('\n');
  const writeVersion = async (file: string, version: string) =>
    writeFile(join(folder, file), JSON.stringify({ name: 'plimsoll', version, license: 'Apache-2.0' }, null, 2));

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plimsoll-release-'));
    await cp(join(root, 'ops/scripts'), join(folder, 'ops/scripts'), { recursive: true });
    await writeFile(join(folder, 'CHANGELOG.md'), changelog);
    await writeVersion('package.json', '1.2.3');
    await writeVersion('package-lock.json', '1.2.3');
    for (const name of ['gh', 'skopeo']) {
      await writeFile(join(folder, name), outside);
      await chmod(join(folder, name), 0o755);
    }
    git('init', '--quiet');
    git('add', '--all');
    git('commit', '--quiet', '--message', 'one');
    git('tag', 'v1.2.3');
  });

  afterEach(() => rm(folder, { recursive: true }));

  describe('release-version', () => {
    it('says the version of a tag that may become a release, and hands it on', async () => {
      const output = join(folder, 'output');
      expect(await run('release-version', ['v1.2.3'], { GITHUB_OUTPUT: output })).toBe('1.2.3\n');
      expect(await readFile(output, 'utf8')).toBe('version=1.2.3\n');
    });

    it.each([
      ['is no version', 'latest', 'is no version'],
      ['would run something', 'v1.2.3$(id)', 'is no version'],
      ['there is not', 'v1.2.4', 'there is no tag v1.2.4'],
    ])('refuses a tag that %s', async (_what, tag, fault) => {
      const stderr = expect.stringContaining(fault);
      await expect(run('release-version', [tag])).rejects.toMatchObject({ code: 1, stderr });
    });

    it('refuses a tag of another commit', async () => {
      git('commit', '--quiet', '--allow-empty', '--message', 'two');
      const stderr = expect.stringMatching(/v1\.2\.3 is of \w{12}, and this is/);
      await expect(run('release-version', ['v1.2.3'])).rejects.toMatchObject({ code: 1, stderr });
    });

    it.each(['package.json', 'package-lock.json'])('refuses one where %s says another version', async (file) => {
      await writeVersion(file, '1.2.2');
      const stderr = expect.stringContaining(`${file} says 1.2.2, the tag says 1.2.3`);
      await expect(run('release-version', ['v1.2.3'])).rejects.toMatchObject({ code: 1, stderr });
    });

    it('refuses a version that the changelog does not tell of', async () => {
      await writeFile(join(folder, 'CHANGELOG.md'), changelog.replace('## 1.2.3,', '## 1.2.2,'));
      const stderr = expect.stringContaining('says nothing of 1.2.3');
      await expect(run('release-version', ['v1.2.3'])).rejects.toMatchObject({ code: 1, stderr });
    });

    it('refuses a commit that main has not', async () => {
      git('update-ref', 'refs/remotes/origin/main', 'HEAD');
      git('commit', '--quiet', '--allow-empty', '--message', 'beside main');
      git('tag', '--force', 'v1.2.3');
      const stderr = expect.stringContaining('main has no v1.2.3');
      await expect(run('release-version', ['v1.2.3'])).rejects.toMatchObject({ code: 1, stderr });
    });
  });

  it('release-notes gives the section of that version alone', async () => {
    expect(await run('release-notes', ['1.2.3'])).toBe('### Added\n\n- A thing, with `code`.\n');
    expect(await run('release-notes', ['1.2.30'])).toBe('- Another version.\n');
    await expect(run('release-notes', ['1.2'])).rejects.toMatchObject({ code: 1 });
  });

  describe('name-image', () => {
    const name = ['Registry.example.com/Acme/plimsoll', digest, '1.2.3'];

    it('gives a version to the image of a digest, once', async () => {
      await run('name-image', name);
      const copy = 'docker://registry.example.com/acme/plimsoll';
      const options = 'skopeo copy --quiet --all --preserve-digests';
      expect((await calls()).at(-1)).toBe(`${options} ${copy}@${digest} ${copy}:1.2.3`);
      await rm(join(folder, 'calls'));
      await run('name-image', name, { THERE: digest });
      expect(await calls()).toHaveLength(1);
    });

    it('leaves a version alone that means another image', async () => {
      const there = `sha256:${'e'.repeat(64)}`;
      const stderr = expect.stringContaining(`is ${there} already`);
      await expect(run('name-image', name, { THERE: there })).rejects.toMatchObject({ code: 1, stderr });
    });
  });

  describe('publish-release', () => {
    beforeEach(async () => {
      for (const [path, text] of [
        ['image-amd64/sbom.cdx.json', '{}'],
        ['image-arm64/sbom.cdx.json', '{}'],
        ['provenance/attestation.json', '{}'],
      ] as const) {
        await mkdir(join(folder, 'release', path, '..'), { recursive: true });
        await writeFile(join(folder, 'release', path), text);
      }
    });

    it('shows nothing before all of it is there', async () => {
      await publishRelease();
      const said = (await calls()).filter((line) => line.startsWith('gh '));
      expect(said.map((line) => line.split(' ').slice(1, 3).join(' '))).toEqual([
        'release view',
        'release create',
        'release upload',
        'release edit',
      ]);
      expect(said[1]).toContain('--draft --verify-tag');
      const uploaded = [...said[2]!.matchAll(/\/(plimsoll-\S+)/g)].map(([, file]) => file);
      expect(uploaded).toEqual([
        'plimsoll-1.2.3-amd64.cdx.json',
        'plimsoll-1.2.3-arm64.cdx.json',
        'plimsoll-1.2.3.image.txt',
        'plimsoll-1.2.3.intoto.jsonl',
      ]);
      expect(await calls()).toContain(`    registry.example.com/a@${digest}`);
    });

    it('goes on with a draft, and never changes what is published', async () => {
      await publishRelease({ STATE: 'true' });
      expect((await calls()).some((line) => line.includes('release create'))).toBe(false);
      const stderr = expect.stringContaining('is published already');
      await expect(publishRelease({ STATE: 'false' })).rejects.toMatchObject({ code: 1, stderr });
    });

    it('refuses what is no digest, and a release without provenance', async () => {
      await expect(publishRelease({}, 'latest')).rejects.toMatchObject({ code: 1 });
      await rm(join(folder, 'release/provenance'), { recursive: true });
      await expect(publishRelease()).rejects.toMatchObject({ stderr: expect.stringContaining('has no provenance') });
    });
  });
});
