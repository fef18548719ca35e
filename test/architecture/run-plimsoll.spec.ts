import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { root } from './planted-tree.js';

const digest = `sha256:${'d'.repeat(64)}`;
const hasJq = await promisify(execFile)('jq', ['--version']).then(
  () => true,
  () => false,
);
// As with Redis: where jq is missing the rest is tested, but CI has it.
const describeWithJq = hasJq || process.env['CI'] === 'true' ? describe : describe.skip;

/** What the command says of a release that is rejected: the way back is a deployment, too. */
const said = [
  { type: 'outlook', environment: 'production' },
  { type: 'deployment', id: 'one', kind: 'deploy' },
  { type: 'verdict', deployment: 'one', verdict: 'pending' },
  { type: 'verdict', deployment: 'one', verdict: 'rollback' },
  { type: 'deployment', id: 'two', kind: 'rollback' },
  { type: 'verdict', deployment: 'two', verdict: 'promote' },
  { type: 'end', ending: 'rolledBack', exitCode: 3 },
];

/** In the place of the command, which test/deploy runs: it tells how it was called. */
const plimsoll = `#!/bin/sh
for word in "$@"; do echo "$word" >> "$CALLS"; done
cat "$SAID"
exit "$CODE"
`;

describeWithJq('ops/scripts/run-plimsoll', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plimsoll-run-'));
    await writeFile(join(folder, 'plimsoll'), plimsoll);
    await chmod(join(folder, 'plimsoll'), 0o755);
    await writeFile(join(folder, 'said'), said.map((line) => `${JSON.stringify(line)}\n`).join(''));
  });

  afterEach(() => rm(folder, { recursive: true }));

  const run = (what: string, settings: Record<string, string>) =>
    promisify(execFile)(join(root, 'ops/scripts/run-plimsoll'), [what], {
      cwd: folder,
      env: {
        PATH: `${folder}${delimiter}${process.env['PATH']}`,
        CALLS: join(folder, 'calls'),
        SAID: join(folder, 'said'),
        CODE: '0',
        GITHUB_OUTPUT: join(folder, 'output'),
        ...settings,
      },
    });
  const read = (file: string) => readFile(join(folder, file), 'utf8');

  it('deploys what it is told by variables', async () => {
    const time = '2026-03-02T10:00:00Z';
    const release = { DIGEST: digest, VERSION: '1.2.3', GIT_SHA: 'a'.repeat(40), SEQUENCE_KEY: time };
    await run('deploy', { ENVIRONMENT: 'production', ...release });
    expect((await read('calls')).trim().split('\n')).toEqual([
      'deploy',
      'production',
      '--json',
      '--yes',
      '--timeout',
      '3600',
      '--wait',
      `--release=${digest}`,
      '--version=1.2.3',
      `--git-sha=${'a'.repeat(40)}`,
      `--sequence-key=${time}`,
    ]);
  });

  it('ends as the command does, and hands on the deployment with its own verdict', async () => {
    const ended = run('deploy', { ENVIRONMENT: 'production', DIGEST: digest, CODE: '3' });
    await expect(ended).rejects.toMatchObject({ code: 3 });
    expect(await read('output')).toBe('deployment=one\nverdict=rollback\n');
  });

  it('says none where there was no verdict', async () => {
    await writeFile(join(folder, 'said'), '{"type":"end","ending":"refused","exitCode":7}\n');
    const ended = run('deploy', { ENVIRONMENT: 'production', DIGEST: digest, CODE: '7' });
    await expect(ended).rejects.toMatchObject({ code: 7 });
    expect(await read('output')).toBe('deployment=\nverdict=none\n');
  });

  it('goes back with a reason that it takes as it is', async () => {
    await run('rollback', { ENVIRONMENT: 'production', REASON: '--force $(id); "errors"' });
    expect(await read('calls')).toContain('\n--reason=--force $(id); "errors"\n');
    expect(await read('calls')).not.toContain('--to');
  });

  it.each([
    ['no environment', { DIGEST: digest }],
    ['an environment that is an option', { ENVIRONMENT: '--abort', DIGEST: digest }],
    ['no digest', { ENVIRONMENT: 'production' }],
    ['a tag', { ENVIRONMENT: 'production', DIGEST: 'latest' }],
    ['a time that is none', { ENVIRONMENT: 'production', DIGEST: digest, TIMEOUT: '1h' }],
    ['an image without a digest', { ENVIRONMENT: 'production', DIGEST: digest, PLIMSOLL_IMAGE: 'example.com/a:1' }],
  ])('refuses %s, and calls nothing', async (_what, settings) => {
    await expect(run('deploy', settings as Record<string, string>)).rejects.toMatchObject({ code: 64 });
    await expect(read('calls')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
