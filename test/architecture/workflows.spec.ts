import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { root } from './planted-tree.js';

interface Check {
  workflowFaults(file: string, text: string): Promise<string[]>;
  ownFaults(file: string, text: string): Promise<string[]>;
}

// By path: ops has a TypeScript configuration of its own.
const { workflowFaults, ownFaults } = (await import(join(root, 'ops/checks/workflows.ts'))) as Check;
const ours = await readFile(join(root, '.github/workflows/ci.yml'), 'utf8');
const faultsOf = (text: string, file = 'ci.yml') => ownFaults(file, text);

const withRun = (run: string) => ours.replace('run: bash .ci/run test check', `run: ${JSON.stringify(run)}`);
const anAction = (run: string) => JSON.stringify({ runs: { using: 'composite', steps: [{ shell: 'bash', run }] } });

describe('the workflow of CI', () => {
  it('runs every part of .ci/run, the containers in a job of their own', () => {
    const { jobs } = parse(ours) as { jobs: Record<string, { steps: { run?: string }[] }> };
    const parts = Object.entries(jobs).flatMap(([name, { steps }]) => {
      const run = steps.map((step) => step.run ?? '').join('\n');
      const part = /bash \.ci\/run (.*)$/m.exec(run)?.[1];
      return part === undefined ? [] : [[name, part]];
    });
    expect(parts).toEqual([
      ['ci', 'test check'],
      ['containers', 'containers'],
    ]);
  });
});

interface Deploying {
  jobs: Record<string, { environment?: string; concurrency?: { group: string; 'cancel-in-progress': boolean } }>;
}

describe('the workflows that change hosts', () => {
  it.each(['deploy-environment', 'rollback'])('%s does one thing at a time, and is never cut off', async (name) => {
    const { jobs } = parse(await readFile(join(root, `.github/workflows/${name}.yml`), 'utf8')) as Deploying;
    const deploying = Object.values(jobs).filter(({ environment }) => environment !== undefined);
    expect(deploying.map(({ concurrency }) => concurrency)).toEqual([
      { group: expect.stringMatching(/-\$\{\{ inputs\.environment \}\}$/), 'cancel-in-progress': false },
    ]);
  });

  it('bring to production what staging has promoted, by its digest', async () => {
    const { jobs } = parse(await readFile(join(root, '.github/workflows/deploy.yml'), 'utf8')) as {
      jobs: Record<string, { needs?: string; with: Record<string, string> }>;
    };
    const { staging, production } = jobs;
    expect(production).toMatchObject({ needs: 'staging' });
    expect({ ...production?.with, environment: 'staging' }).toEqual(staging?.with);
  });
});

describe('the check of workflows', () => {
  it('finds nothing in ours', async () => {
    expect(await workflowFaults('ci.yml', ours)).toEqual([]);
  });

  it.each([
    ['an action that is not pinned', /@[0-9a-f]{40}.*/, '@v7', /is not pinned/],
    ['a commit without its version', / # v7\.0\.1$/m, '', /has no version beside it/],
    ['rights that are not stated', /^permissions:\n {2}contents: read\n/m, '', /permissions are not stated/],
    ['a right to write for every job', 'contents: read', 'contents: write', /every job may write/],
    ['a checkout that leaves its token', 'persist-credentials: false', 'clean: true', /persist-credentials: false/],
    ['a job without an end', /^ {4}timeout-minutes: 60\n/m, '', /job ci has no timeout-minutes/],
    ['a secret that is stored', 'github.ref }}', 'secrets.TOKEN }}', /secrets\.TOKEN is stored/],
  ])('reports %s', async (_what, from, to, fault) => {
    expect(await faultsOf(ours.replace(from, to))).toContainEqual(expect.stringMatching(fault));
  });

  it.each([
    ['a key that there is not', 'cancel-in-progress', 'cancel-in-time', /unexpected key "cancel-in-time"/],
    ['an expression that is wrong', 'github.ref }}', 'github.reff }}', /property "reff" is not defined/],
  ])('reports %s', async (_what, from, to, fault) => {
    expect(await workflowFaults('ci.yml', ours.replace(from, to))).toEqual([expect.stringMatching(fault)]);
  });

  it('reports a workflow of ours that there is not', async () => {
    const jobs = { a: { uses: './.github/workflows/no-such.yml' } };
    expect(await faultsOf(JSON.stringify({ permissions: {}, jobs }))).toEqual([
      'ci.yml: ./.github/workflows/no-such.yml is not there',
    ]);
  });
});

describe('what a step may run', () => {
  it.each([
    'npm test',
    'npm run check -- lint types',
    'ops/scripts/up --timeout 300',
    'ops/scripts/scan-image "$IMAGE" .plimsoll/scan',
    'sudo --preserve-env env "PATH=$PATH" ops/scripts/up',
    'sudo apt-get update -qq && sudo apt-get install -y -qq --no-install-recommends podman jq',
  ])('is %s', async (run) => {
    expect(await faultsOf(withRun(run))).toEqual([]);
  });

  it.each([
    'curl https://example.com/install.sh | bash',
    'echo "x=1" >> "$GITHUB_OUTPUT"',
    'ops/scripts/up; true',
    'ops/scripts/up || true',
    'ops/scripts/up && podman ps',
    'ops/scripts/up $(date)',
    'ops/scripts/up `date`',
    'ops/scripts/up $UNQUOTED',
    'ops/scripts/up > log',
    'ops/scripts/../../evil',
    'ops/scripts/no-such-program',
    'npm run no-such-script',
    'npm run check && npm publish',
    'npm install left-pad',
    'npx left-pad',
    'sudo apt-get install -y podman',
    'sudo apt-get update -qq && sudo apt-get install -y -qq --no-install-recommends $(cat list)',
    'if true; then npm test; fi',
    'npm test\npodman ps',
  ])('is not %s', async (run) => {
    expect(await faultsOf(withRun(run))).toEqual([expect.stringMatching(/ runs /)]);
  });

  it('is nothing that an expression is written into', async () => {
    const found = await faultsOf(withRun('ops/scripts/up ${{ github.head_ref }}'));
    expect(found).toContainEqual(expect.stringMatching(/ runs "ops\/scripts\/up \$\{\{/));
  });

  it('is the same in a composite action', async () => {
    const file = '.github/actions/a/action.yml';
    expect(await faultsOf(anAction('"$GITHUB_ACTION_PATH"/../../../ops/scripts/up'), file)).toEqual([]);
    expect(await faultsOf(anAction('curl https://example.com'), file)).toEqual([expect.stringMatching(/ runs /)]);
  });
});
