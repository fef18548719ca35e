import { Plimsoll } from './a-plimsoll.js';
import { Lab } from './lab.js';
import { Project } from './project.js';

let lab: Lab;
let plimsoll: Plimsoll;
let project: Project;

beforeAll(async () => {
  [lab, plimsoll] = await Promise.all([Lab.open(['a']), Plimsoll.start()]);
  project = await Project.begin(lab, plimsoll);
});

afterAll(async () => {
  await plimsoll.remove();
  await lab.close();
});

/** The version of a digest, as the lab has made it. */
const versionOf = (digest = ''): string => [...lab.digests].find(([, known]) => known === digest)?.[0] ?? digest;

/** What the host has of the service: `4 running`, `3 exited`, and the versions of its images. */
async function seen(): Promise<{ containers: string[]; images: string[] }> {
  const { podman } = lab.hosts[0]!;
  const containers = await podman.containers({ 'plimsoll.service': 'demo' });
  return {
    containers: containers
      .map(({ Labels, State }) => `${versionOf(Labels?.['plimsoll.digest'])} ${State}`)
      .toSorted()
      .toReversed(),
    images: (await podman.digestsOf(`${lab.registry}/demo`)).map(versionOf).toSorted().toReversed(),
  };
}

describe('after several deployments a host', () => {
  it('has the release that runs and the one before it, and the images of two to go back to', async () => {
    for (const version of ['1', '2', '3', '4']) await project.promote(version);
    expect(await seen()).toEqual({ containers: ['4 running', '3 exited'], images: ['4', '3', '2'] });
  });

  it('has nothing left of one that failed, once another is promoted', async () => {
    await project.write({ health: { intervalSeconds: 0.2, timeoutSeconds: 1, withinSeconds: 3 } });
    await lab.release('bad', { NEVER_READY: '1' });
    expect(await project.deploy('bad')).toMatchObject({ code: 3 });
    await project.write();
    await project.promote('5');
    expect(await seen()).toEqual({ containers: ['5 running', '4 exited'], images: ['5', '4', '3'] });
  });

  it('goes back without a registry, also from a release that was deployed again', async () => {
    await project.promote('5');
    expect((await seen()).images).toEqual(['5', '4', '3']);
    lab.loseRegistry();
    const { code, errors } = await project.run('rollback', '--yes', '--reason', 'a test');
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    expect(await project.serving()).toEqual(['4']);
  });
});
