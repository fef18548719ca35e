import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { image, podman, run } from './stack.mjs';

const releases = 'localhost/plimsoll-test/releases';
const version = '0.0.1';
const renaming = `${image}-renaming`;

const testPreviousRelease = (ofThisCommit: string) =>
  run('ops/scripts/test-previous-release', [releases, version], { env: { IMAGE: ofThisCommit }, timeoutMs: 400_000 });

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-previous-'));
  await podman('tag', image, `${releases}:${version}`);
  await copyFile('ops/playbooks/bad-migration.ts', join(folder, 'migration.ts'));
  const lines = `FROM ${image}\nCOPY migration.ts /app/migrations/1999999999999-planted-bad-migration.ts\n`;
  await writeFile(join(folder, 'Containerfile'), lines);
  await podman('build', '--quiet', '--format', 'docker', '--tag', renaming, folder);
});

afterAll(async () => {
  await podman('rmi', '--force', renaming, `${releases}:${version}`);
  await rm(folder, { recursive: true });
});

describe('the release before', () => {
  it('passes where it carries a deployment to its verdict on the schema of this commit', async () => {
    expect(await testPreviousRelease(image)).toContain(`${releases}:${version} serves on the schema of ${image}`);
  });

  it('fails where a migration takes away what it needs', async () => {
    await expect(testPreviousRelease(renaming)).rejects.toThrow(/column \S+ does not exist/);
  });
});
