import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Plimsoll } from './a-plimsoll.js';
import { Lab } from './lab.js';
import { Project } from './project.js';

let lab: Lab;
let plimsoll: Plimsoll;
let project: Project;

beforeAll(async () => {
  [lab, plimsoll] = await Promise.all([Lab.open(['a']), Plimsoll.start()]);
  project = await Project.begin(lab, plimsoll);
  await mkdir(join(project.folder, 'config'));
  await writeConfig('LOG_FORMAT=json');
  await project.promote('1');
});

afterAll(async () => {
  await plimsoll.remove();
  await lab.close();
});

/** Beside plimsoll.yml. Every image of the lab has `LOG_FORMAT=json`. */
const writeConfig = (...lines: string[]) =>
  writeFile(join(project.folder, 'config/production.env'), lines.map((line) => `${line}\n`).join(''));

/** What plimsoll doctor says of the settings. */
async function told(): Promise<string> {
  const { out } = await project.run('doctor');
  return out
    .split('\n')
    .filter((line) => line.includes('settings of a'))
    .join('\n');
}

describe('plimsoll doctor', () => {
  it('finds that a host has its settings from plimsoll.yml, config and the image', async () => {
    expect(await told()).toBe(
      '✓ settings of a: come from plimsoll.yml, config/production.env, the image, and from nothing else',
    );
  });

  it('names what config has otherwise than the release that serves', async () => {
    await writeConfig('LOG_FORMAT=json', 'WORKERS=2');
    expect(await told()).toBe(
      '! settings of a: config/production.env of the release that serves is another one: WORKERS',
    );
    await writeConfig('LOG_FORMAT=json');
  });

  it('names what was set on the host alone, and no value', async () => {
    const { podman } = lab.hosts[0]!;
    const serving = await podman.containers({ 'plimsoll.role': 'replica' });
    const name = serving.find(({ State }) => State === 'running')?.Names[0];
    const body = { Env: ['LOG_FORMAT=hidden', 'EXTRA=hidden'] };
    await podman.client.bytes('POST', `/containers/${name}/update`, { body });
    expect(await told()).toBe(
      '! settings of a: set on this host alone: EXTRA, LOG_FORMAT (in place of config/production.env)',
    );
  });

  it('names what the image sets in place of config, unless plimsoll.yml has it', async () => {
    await lab.release('own', { LOG_FORMAT: 'pretty' });
    await project.promote('own');
    expect(await told()).toBe('! settings of a: the image sets in place of config/production.env: LOG_FORMAT');
    await project.write({ environment: { LOG_FORMAT: 'json' } });
    await project.promote('own');
    expect(await told()).toContain('✓ settings of a');
  });
});
