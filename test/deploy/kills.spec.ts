import { standingOf } from '../../src/cli/hosts/deploy-on-hosts.js';
import { Plimsoll } from './a-plimsoll.js';
import { Lab } from './lab.js';
import { aGate, Project } from './project.js';
import { Traffic } from './traffic.js';

let lab: Lab;
let plimsoll: Plimsoll;
let project: Project;
let traffic: Traffic;

beforeAll(async () => {
  [lab, plimsoll] = await Promise.all([Lab.open(['a', 'b']), Plimsoll.start()]);
  project = await Project.begin(lab, plimsoll);
  await project.write({ migrate: { command: ['node', '-e', '0'] } });
  await project.promote('1');
  traffic = new Traffic({ urls: project.urls, perSecond: 20, pinned: 4 });
});

afterAll(async () => {
  // Also where not every test was run.
  await traffic.end();
  await plimsoll.remove();
  await lab.close();
});

/** Each host serves this release, runs nothing else, and remembers nothing that was begun. The ledger says the same. */
async function expectAll(digest: string): Promise<void> {
  const standings = await standingOf(lab.plan());
  expect(standings).toEqual(
    lab.hosts.map(({ name }) =>
      expect.objectContaining({ host: name, live: expect.objectContaining({ digest }) as unknown, journal: null }),
    ),
  );
  for (const host of lab.hosts) {
    const running = await host.podman.containers({ 'plimsoll.role': 'replica' });
    expect(running.filter(({ State }) => State === 'running')).toHaveLength(1);
  }
  const slot = await plimsoll.ask('GET', '/v1/services/demo/environments/production');
  expect(slot).toMatchObject({ activeDeployment: null, runningRelease: { digest } });
}

async function deployUntil(moment: object, version: string): Promise<void> {
  const deploying = await project.deploying(version);
  await deploying.untilSaid(moment);
  deploying.child.kill('SIGKILL');
  await deploying.ended;
}

let versions = 1;

/** The release that is served, and a new one, whose image no host has. */
async function turn() {
  const [before = ''] = await project.serving();
  versions += 1;
  const next = String(versions);
  return { next, old: await lab.release(before), fresh: await lab.release(next) };
}

/** In their order. The image is there when the step is met again. */
const moments: [string, object, object?][] = [
  ['the ledger has it, and no host', { type: 'deployment' }],
  ['staging', { type: 'phase', phase: 'staging' }],
  ['pull', { type: 'step', step: 'pull' }, { type: 'step', step: 'create' }],
  ['migrate', { type: 'step', step: 'migrate' }],
  ['create', { type: 'step', step: 'create' }],
  ['start', { type: 'step', step: 'start' }],
  ['await-ready', { type: 'step', step: 'await-ready' }],
  ['switch', { type: 'step', step: 'switch' }],
  ['drain', { type: 'step', step: 'drain' }],
];

describe('a deployment whose deployer is killed', () => {
  it.each(moments)('at %s can be aborted, and another one resumed', async (_name, moment, again = moment) => {
    const { next, old, fresh } = await turn();
    await deployUntil(moment, next);
    const refused = await project.deploy(next);
    expect(refused).toMatchObject({ code: 7, out: expect.stringMatching(/ since 20| until 20/) as unknown });
    expect(await project.run('deploy', '--abort', '--yes')).toMatchObject({ code: 0 });
    await expectAll(old);
    await deployUntil(again, next);
    expect(await project.run('deploy', '--resume', '--yes')).toMatchObject({ code: 0 });
    await expectAll(fresh);
  });

  it('while the gate watches can be aborted, and another one resumed', async () => {
    await project.write({}, aGate(10));
    await project.apply();
    const { next, old, fresh } = await turn();
    const gating = { type: 'phase', phase: 'gating' };
    await deployUntil(gating, next);
    expect(await project.run('deploy', '--abort', '--yes')).toMatchObject({ code: 0 });
    await expectAll(old);
    expect(await project.history(2)).toEqual(['rollback promoted', 'deploy rejected']);
    await deployUntil(gating, next);
    expect(await project.run('deploy', '--resume', '--yes')).toMatchObject({ code: 0 });
    await expectAll(fresh);
    expect(await project.history(1)).toEqual(['deploy promoted']);
  });

  it('loses no request', async () => {
    expect((await traffic.end()).failures).toEqual([]);
  });
});
