import { Plimsoll } from './a-plimsoll.js';
import { Lab } from './lab.js';
import { aGate, Project } from './project.js';
import { Traffic } from './traffic.js';

/** What CI runs with every change. The other files here are run once a day. */
let lab: Lab;
let plimsoll: Plimsoll;
let project: Project;
let traffic: Traffic;

beforeAll(async () => {
  [lab, plimsoll] = await Promise.all([Lab.open(['a', 'b']), Plimsoll.start()]);
  project = await Project.begin(lab, plimsoll);
  await project.promote('1');
  await project.write({}, aGate(4, ['/readyz', '/work']));
  await project.apply();
  traffic = new Traffic({ urls: project.urls, perSecond: 50, pinned: 8 });
});

afterAll(async () => {
  await traffic.end();
  await plimsoll.remove();
  await lab.close();
});

describe('plimsoll deploy, while the service is asked all the time', () => {
  it('puts a release on every host, and its gate promotes it', async () => {
    expect(await project.deploy('2')).toMatchObject({ code: 0 });
    expect(await project.serving()).toEqual(['2', '2']);
  });

  it('goes on after a kill in the middle of a switch', async () => {
    const deploying = await project.deploying('3');
    await deploying.untilSaid({ type: 'step', step: 'switch' });
    deploying.child.kill('SIGKILL');
    await deploying.ended;
    expect(await project.run('deploy', '--resume', '--yes')).toMatchObject({ code: 0 });
    expect(await project.serving()).toEqual(['3', '3']);
    expect(await project.history(1)).toEqual(['deploy promoted']);
  });

  it('has lost no request until then', async () => {
    const { failures, versions } = await traffic.end();
    expect(failures).toEqual([]);
    expect(Object.keys(versions)).toEqual(['1', '2', '3']);
  });

  it('goes back from a release that its gate rejects', async () => {
    await lab.release('bad', { FAIL_EVERY: '1' });
    expect(await project.deploy('bad')).toMatchObject({ code: 3 });
    expect(await project.serving()).toEqual(['3', '3']);
    expect(await project.history(2)).toEqual(['rollback promoted', 'deploy rejected']);
  });
});
