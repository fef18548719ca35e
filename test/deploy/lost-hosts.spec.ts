import { standingOf } from '../../src/cli/hosts/deploy-on-hosts.js';
import { Plimsoll } from './a-plimsoll.js';
import { Sshd } from './an-sshd.js';
import { Lab } from './lab.js';
import { Project } from './project.js';
import { Traffic } from './traffic.js';

let lab: Lab;
let plimsoll: Plimsoll;
let sshd: Sshd;
let project: Project;

beforeAll(async () => {
  [lab, plimsoll] = await Promise.all([Lab.open(['a', 'b']), Plimsoll.start()]);
  sshd = await Sshd.start(lab.folder);
  project = await Project.begin(lab, plimsoll);
  project.addresses.set('b', `ssh://deploy-target${lab.hosts[1]?.socketPath}`);
  project.variables = { PATH: `${await sshd.path()}:${process.env['PATH']}` };
  await project.write();
  await project.promote('1');
});

afterAll(async () => {
  await plimsoll.remove();
  sshd.stop();
  await lab.close();
});

/** Host b goes while it is being changed, and is back once the command has ended. */
async function deployThroughALoss(version: string) {
  const deploying = await project.deploying(version);
  await deploying.untilSaid({ type: 'step', host: 'b', step: 'create' });
  await sshd.vanish();
  const ended = await deploying.ended;
  const serving = await project.serving();
  await sshd.comeBack();
  return { ...ended, serving };
}

describe('a host that disappears while it is being changed', () => {
  it.each([
    ['--abort', '1'],
    ['--resume', 'resumed'],
  ])('ends the command with 5; once it is back, %s brings every host to one version', async (option, served) => {
    const traffic = new Traffic({ urls: project.urls, perSecond: 20, pinned: 4 });
    const { code, said, serving } = await deployThroughALoss(option === '--abort' ? 'aborted' : 'resumed');
    expect(code).toBe(5);
    const { what, mend } = said.find(({ type }) => type === 'error') ?? {};
    expect(what).toBe('Not every host could be brought back to the old version.');
    expect(mend).toContain('plimsoll deploy production --abort, or --resume');
    expect(serving[0]).toBe('1');
    expect(await project.run('deploy', option, '--yes')).toMatchObject({ code: 0 });
    expect(await project.serving()).toEqual([served, served]);
    expect((await standingOf(lab.plan())).map(({ journal }) => journal)).toEqual([null, null]);
    expect((await traffic.end()).failures).toEqual([]);
    const slot = await plimsoll.ask('GET', '/v1/services/demo/environments/production');
    expect(slot).toMatchObject({ activeDeployment: null, runningRelease: { version: served } });
  });
});
