import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Api, asks } from './api.js';
import { copyOfClone } from './clone-copy.js';
import { inside } from './instances.js';
import { Load, mostPerSecond } from './load.js';
import { containerOf, image, podman, run } from './stack.mjs';

const next = `${image}-next`;
const broken = `${image}-broken`;
const instances = ['app-1', 'app-2'];

/** An image that differs by what a line of its Containerfile does. */
async function buildOn(name: string, line: string): Promise<void> {
  const file = join(clone, 'Containerfile.other');
  await writeFile(file, `FROM ${image}\n${line}\n`);
  await podman('build', '--quiet', '--format', 'docker', '--file', file, '--tag', name, clone);
}

/** In a clone of its own, whose .env it writes: without the image that the environment of these tests names. */
async function roll(...args: string[]): Promise<string> {
  return run('ops/scripts/roll', args, { cwd: clone, env: { IMAGE: '' }, timeoutMs: 250_000 });
}

async function shas(): Promise<string[]> {
  const answers = await Promise.all(instances.map((instance) => asks(instance, '/info')));
  return answers.map((answer) => /"gitSha":"(\w+)"/.exec(answer)?.[1] ?? answer);
}

let clone: string;
let api: Api;
let original: string[];

beforeAll(async () => {
  clone = await copyOfClone();
  api = await Api.connect();
  original = await shas();
  await buildOn(next, `ENV GIT_SHA=${'2'.repeat(40)}`);
  // It migrates, and does not start.
  await buildOn(broken, 'CMD ["-e", "process.exit(3)"]');
});

afterAll(async () => {
  api.close();
  await podman('rmi', '--force', next, broken);
});

describe('a change of version', () => {
  it(`loses none of up to ${mostPerSecond} requests a second, and none on the way back`, async () => {
    const { failures, share } = await Load.during(api, async () => {
      await roll(next);
      expect(await shas()).toEqual(instances.map(() => '2'.repeat(40)));
      await roll('--back');
      expect(await shas()).toEqual(original);
    });
    expect(failures).toEqual([]);
    expect(share).toBeGreaterThanOrEqual(0.95);
  });

  it('is remembered, so that the stack starts with the image that it ended with', async () => {
    const remembered = await readFile(join(clone, '.env'), 'utf8');
    expect(remembered).toMatch(new RegExp(`^IMAGE_BEFORE=${next}$`, 'm'));
    expect(remembered).toMatch(new RegExp(`^IMAGE=${image}$`, 'm'));
  });

  it('tells an instance the digest that it runs, and keeps it restarted when it hangs', async () => {
    const digest = await podman('image', 'inspect', '--format', '{{.Digest}}', image);
    expect(await asks('app-1', '/info')).toContain(digest);
    const format = '{{.Config.HealthcheckOnFailureAction}}';
    expect(await podman('inspect', '--format', format, containerOf('app-1'))).toBe('restart');
  });

  it('to an image that does not become ready is taken back, and touches the other instance not at all', async () => {
    const other = await podman('inspect', '--format', '{{.Id}}', containerOf('app-2'));
    const rolled = roll('--timeout', '15', broken);
    await expect(rolled).rejects.toThrow(/app-1 did not become ready; it gets \S+ back[^]*was not taken/);
    expect(await shas()).toEqual(original);
    expect(await podman('inspect', '--format', '{{.Id}}', containerOf('app-2'))).toBe(other);
    await expect(inside('app-1', '0')).resolves.toBe('');
  });

  it('to an image that is not there touches nothing', async () => {
    await expect(roll('localhost/nobody:1')).rejects.toThrow(/there is no image localhost\/nobody:1/);
  });
});

describe('two changes of version', () => {
  it('do not meet', async () => {
    const first = spawn('flock', [join(clone, '.plimsoll/roll.lock'), '-c', 'echo held; exec sleep 60']);
    try {
      await once(first.stdout, 'data');
      await expect(roll('--back')).rejects.toThrow(/another one is under way/);
    } finally {
      first.kill();
    }
  });
});
