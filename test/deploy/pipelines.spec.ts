import { execFile } from 'node:child_process';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { Plimsoll } from './a-plimsoll.js';
import { program } from './command.js';
import { Lab } from './lab.js';
import { aGate, Project } from './project.js';

const page = await readFile('docs/how-to/deploy-from-a-pipeline.md', 'utf8');
const GIT_SHA = '0'.repeat(40);

/** A rollout, its gate and the way back, on a machine that has other things to do. */
const WITHIN_MS = 420_000;

/** The block under a heading of the page. */
const exampleOf = (heading: string) =>
  parse(new RegExp(`^### ${heading}\n\n\`\`\`yaml\n(.*?)^\`\`\``, 'ms').exec(page)?.[1] ?? '') as unknown;

const gitlab = exampleOf('GitLab') as { deploy: { script: string[] } };
const forgejo = exampleOf('Forgejo') as { jobs: { deploy: { steps: { run?: string }[] } } };
const scripts = {
  GitLab: gitlab.deploy.script.join('\n'),
  Forgejo: forgejo.jobs.deploy.steps.map(({ run = '' }) => run).join('\n'),
  'the action': `${process.cwd()}/ops/scripts/run-plimsoll deploy`,
};

let lab: Lab;
let plimsoll: Plimsoll;
let project: Project;

beforeAll(async () => {
  [lab, plimsoll] = await Promise.all([Lab.open(['a']), Plimsoll.start()]);
  project = await Project.begin(lab, plimsoll);
  const bin = join(project.folder, 'plimsoll');
  await writeFile(bin, `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`);
  await chmod(bin, 0o755);
  await project.promote('first');
  await project.write({}, aGate(3, ['/readyz', '/work']));
  await project.apply();
});

afterAll(async () => {
  await plimsoll.remove();
  await lab.close();
});

/** As the runner of a pipeline runs it: in the folder of plimsoll.yml, with what the page says in variables. */
async function runAs(name: keyof typeof scripts, version: string): Promise<{ code: number; output: string }> {
  const digest = await lab.release(version);
  const env = {
    PATH: `${project.folder}${delimiter}${process.env['PATH']}`,
    PLIMSOLL_URL: plimsoll.url,
    PLIMSOLL_TOKEN: plimsoll.token,
    ENVIRONMENT: 'production',
    DIGEST: digest,
    VERSION: version,
    GIT_SHA,
    CI_COMMIT_SHA: GIT_SHA,
    GITHUB_OUTPUT: join(project.folder, 'output'),
  };
  return promisify(execFile)('bash', ['-c', `set -eo pipefail\n${scripts[name]}`], { cwd: project.folder, env }).then(
    ({ stdout, stderr }) => ({ code: 0, output: stdout + stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ code, output: stdout + stderr }),
  );
}

describe.each(Object.keys(scripts) as (keyof typeof scripts)[])('the pipeline of %s', (name) => {
  it(
    'ends with 0 once the gate has promoted the release',
    async () => {
      const version = `good for ${name}`.replaceAll(' ', '-');
      const { code, output } = await runAs(name, version);
      expect({ code, output }).toMatchObject({ code: 0 });
      expect(await project.serving()).toEqual([version]);
    },
    WITHIN_MS,
  );

  it(
    'ends with 3 once a release that was rejected is gone',
    async () => {
      const version = `bad for ${name}`.replaceAll(' ', '-');
      const before = await project.serving();
      await lab.release(version, { FAIL_EVERY: '1' });
      const { code, output } = await runAs(name, version);
      expect({ code, output }).toMatchObject({ code: 3 });
      expect(await project.serving()).toEqual(before);
      expect(await project.history(2)).toEqual(['rollback promoted', 'deploy rejected']);
    },
    WITHIN_MS,
  );
});

describe('the action', () => {
  it('hands on the verdict of the deployment', async () => {
    const [good, bad] = (await readFile(join(project.folder, 'output'), 'utf8')).match(/^verdict=.*$/gm) ?? [];
    expect([good, bad]).toEqual(['verdict=promote', 'verdict=rollback']);
  });
});
