import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { root } from './planted-tree.js';

/** Stands for Podman and the registries: it tells how it was called, and lets syft write its file. */
const podman = `#!/bin/sh
echo "podman $*" >> "$CALLS"
case "$*" in
  *anchore/syft*) out=$(printf '%s' "$*" | sed 's/.*--volume \\([^ ]*\\):\\/out .*/\\1/') && echo '{}' > "$out/sbom.cdx.json" ;;
  *anchore/grype*) exit $GRYPE ;;
  'image exists '*) exit 1 ;;
esac
`;

describe('the programs of the pipelines', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plimsoll-pipeline-'));
    await writeFile(join(folder, 'podman'), podman);
    await chmod(join(folder, 'podman'), 0o755);
  });

  afterEach(() => rm(folder, { recursive: true }));

  const run = (program: string, args: string[], settings: Record<string, string> = {}) =>
    promisify(execFile)(join(root, 'ops/scripts', program), args, {
      env: {
        ...process.env,
        PATH: `${folder}${delimiter}${process.env.PATH}`,
        CALLS: join(folder, 'calls'),
        ...settings,
      },
    });
  const calls = async () => (await readFile(join(folder, 'calls'), 'utf8')).trim().split('\n');

  it('run a tool by its digest, on a clone that it cannot write', async () => {
    await run('tool', ['zizmor', '--offline', '.github']);
    expect(await calls()).toEqual([
      expect.stringMatching(
        / --volume \S+:\/work:ro .* ghcr\.io\/zizmorcore\/zizmor:\S+@sha256:\w{64} --offline \.github$/,
      ),
    ]);
  });

  it('refuse a tool that is not pinned', async () => {
    const stderr = expect.stringContaining('has no trivy');
    await expect(run('tool', ['trivy'])).rejects.toMatchObject({ code: 64, stderr });
  });

  it('scan an image after it was pulled, and leave nothing but the reports', async () => {
    const out = join(folder, 'scan');
    await run('scan-image', ['registry.example.com/a:1', out]);
    const [exists, pull, save, syft, grype] = await calls();
    expect([exists, pull]).toEqual([
      'podman image exists registry.example.com/a:1',
      'podman pull --quiet registry.example.com/a:1',
    ]);
    expect(save).toContain('podman save --format docker-archive');
    expect(syft).toContain('cyclonedx-json=/out/sbom.cdx.json');
    expect(grype).toContain('--only-fixed --fail-on high');
    expect(await readFile(join(out, 'sbom.cdx.json'), 'utf8')).toBe('{}\n');
  });

  it('fail where the scanner finds something', async () => {
    const scan = run('scan-image', ['registry.example.com/a:1', join(folder, 'scan')], { GRYPE: '2' });
    await expect(scan).rejects.toMatchObject({ code: 2 });
  });

  it.each(['--privileged', '$(id)', 'a b', ''])('refuse %j as an image', async (image) => {
    await expect(run('scan-image', [image, folder])).rejects.toMatchObject({ code: 64 });
  });
});
