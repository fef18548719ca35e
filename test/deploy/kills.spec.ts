import { abortOnHosts, resumeOnHosts, standingOf } from '../../src/cli/hosts/deploy-on-hosts.js';
import type { ServicePlan } from '../../src/cli/hosts/host-plan.model.js';
import { deploy, options, promote } from './deployments.js';
import { deployUntil } from './killed-deployer.js';
import { Lab } from './lab.js';
import { Traffic } from './traffic.js';

let lab: Lab;
let plan: ServicePlan;
let traffic: Traffic;

beforeAll(async () => {
  lab = await Lab.open(['a', 'b']);
  plan = { ...lab.plan(), migration: { command: ['node', '-e', '0'], withinMs: 60_000 } };
  await promote(plan, await lab.release('1'));
  await lab.release('2');
  traffic = new Traffic({ urls: [await lab.url('a'), await lab.url('b')], perSecond: 20, pinned: 4 });
});

afterAll(async () => {
  await lab.close();
});

/** Each host serves this release, runs nothing else, and remembers nothing that was begun. */
async function expectAll(digest: string): Promise<void> {
  const standings = await standingOf(plan);
  expect(standings).toEqual(
    plan.hosts.map(({ name }) =>
      expect.objectContaining({ host: name, live: expect.objectContaining({ digest }) as unknown, journal: null }),
    ),
  );
  for (const host of lab.hosts) {
    const running = await host.podman.containers({ 'plimsoll.role': 'replica' });
    expect(running.filter(({ State }) => State === 'running')).toHaveLength(1);
  }
}

/** In their order. The image is there when the step is met again. */
const steps = ['staging', 'pull', 'migrate', 'create', 'start', 'await-ready', 'switch', 'drain', 'gating', 'closing'];

describe('a deployer that was killed', () => {
  it.each(steps)('at %s can be resumed, and another one aborted', async (step) => {
    const [before, next] = (await lab.isLive('1')) ? ['1', '2'] : ['2', '1'];
    const [old, fresh] = [await lab.release(before ?? ''), await lab.release(next ?? '')];
    await lab.forget(fresh);
    await deployUntil(step, plan, fresh);
    expect(await deploy(plan, fresh)).toMatchObject({
      ending: 'refused',
      reason: expect.stringContaining('since') as unknown,
    });
    expect(await abortOnHosts(plan, options())).toMatchObject({ ending: 'failed' });
    await expectAll(old);
    await deployUntil(step === 'pull' ? 'create' : step, plan, fresh);
    expect(await resumeOnHosts(plan, options())).toMatchObject({ ending: 'promoted' });
    await expectAll(fresh);
  });

  it('has lost no request', async () => {
    expect((await traffic.end()).failures).toEqual([]);
  });
});
