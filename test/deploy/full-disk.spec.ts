import { join } from 'node:path';
import { standingOf } from '../../src/cli/hosts/deploy-on-hosts.js';
import { Plimsoll } from './a-plimsoll.js';
import { Lab } from './lab.js';
import { Project } from './project.js';
import { Traffic } from './traffic.js';

/** Of each host: a few containers, and images whose base is not stored here. */
const STORAGE_MIB = 96;

let lab: Lab;
let plimsoll: Plimsoll;
let project: Project;

beforeAll(async () => {
  [lab, plimsoll] = await Promise.all([Lab.open(['a', 'b'], STORAGE_MIB), Plimsoll.start()]);
  project = await Project.begin(lab, plimsoll);
  await project.promote('1');
});

afterAll(async () => {
  await plimsoll.remove();
  await lab.close();
});

const noRoom: unknown = expect.stringMatching(/no space left on device|disk is full/i);

/** Both hosts serve the old version throughout, and nothing that was begun is left. What it ended with, and why. */
async function deployInVain(version: string) {
  const traffic = new Traffic({ urls: project.urls, perSecond: 20, pinned: 4 });
  const { code, said } = await project.deploy(version);
  const { what, why } = said.find(({ type }) => type === 'error') ?? {};
  expect((await traffic.end()).failures).toEqual([]);
  expect(await project.serving()).toEqual(['1', '1']);
  expect((await standingOf(lab.plan())).map(({ journal }) => journal)).toEqual([null, null]);
  return { code, what, why };
}

describe('a host', () => {
  it('whose disk has no room for the image is not changed, and no other host is', async () => {
    await lab.release('large', {}, STORAGE_MIB + 16);
    const what = 'It failed. No host was changed.';
    expect(await deployInVain('large')).toEqual({ code: 1, what, why: noRoom });
    expect(await project.history(1)).toEqual(['deploy failed']);
  });

  it('whose disk is full is not changed, and takes the next deployment once there is room', async () => {
    const [, host] = lab.hosts;
    const filler = join(host!.storage, 'filler');
    // It ends with a failure, when nothing more can be written.
    await expect(host!.beside('dd', 'if=/dev/zero', `of=${filler}`, 'bs=4k')).rejects.toThrow(/No space left/);
    try {
      const what = 'It cannot begin now. No host was changed.';
      expect(await deployInVain('2')).toEqual({ code: 1, what, why: noRoom });
    } finally {
      await host!.beside('rm', filler);
    }
    await project.promote('2');
    expect(await project.serving()).toEqual(['2', '2']);
  });
});
