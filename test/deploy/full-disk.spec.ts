import { type FileHandle, open, rm } from 'node:fs/promises';
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

const full = {
  code: 1,
  what: 'It failed. No host was changed.',
  why: expect.stringMatching(/no space left on device|disk is full/i) as unknown,
};

/** Both hosts serve the old version throughout, and nothing that was begun is left. What it ended with, and why. */
async function deployInVain(version: string) {
  const traffic = new Traffic({ urls: project.urls, perSecond: 20, pinned: 4 });
  const { code, said } = await project.deploy(version);
  const { what, why } = said.find(({ type }) => type === 'error') ?? {};
  expect((await traffic.end()).failures).toEqual([]);
  expect(await project.serving()).toEqual(['1', '1']);
  expect((await standingOf(lab.plan())).map(({ journal }) => journal)).toEqual([null, null]);
  expect(await project.history(1)).toEqual(['deploy failed']);
  return { code, what, why };
}

describe('a host whose disk', () => {
  it('has no room for the image is not changed, and no other one is', async () => {
    await lab.release('large', {}, STORAGE_MIB + 16);
    expect(await deployInVain('large')).toEqual(full);
  });

  it('is full is not changed, and takes the next deployment once there is room', async () => {
    const filler = join(lab.hosts[1]?.storage ?? '', 'filler');
    await fill(filler);
    expect(await deployInVain('2')).toEqual(full);
    await rm(filler);
    await project.promote('2');
    expect(await project.serving()).toEqual(['2', '2']);
  });
});

/** Until nothing more can be written beside it. */
async function fill(path: string): Promise<void> {
  const file = await open(path, 'w');
  for (const size of [1024 * 1024, 4096]) {
    const block = Buffer.alloc(size);
    while (await hasWritten(file, block)) {
      // On to the next one.
    }
  }
  await file.close();
}

async function hasWritten(file: FileHandle, block: Buffer): Promise<boolean> {
  return file.write(block).then(
    ({ bytesWritten }) => bytesWritten === block.length,
    () => false,
  );
}
