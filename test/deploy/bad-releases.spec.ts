import { standingOf } from '../../src/cli/hosts/deploy-on-hosts.js';
import type { ServicePlan } from '../../src/cli/hosts/host-plan.model.js';
import { deploy, promote } from './deployments.js';
import { Lab } from './lab.js';
import { Traffic } from './traffic.js';

let lab: Lab;
let plan: ServicePlan;
let good: string;

beforeAll(async () => {
  lab = await Lab.open(['a', 'b']);
  plan = lab.plan();
  good = await lab.release('1');
  await promote(plan, good);
});

afterAll(async () => {
  await lab.close();
});

/** While the work goes on, each host serves the good release and nothing fails; afterwards as well. */
async function servingGood(work: () => Promise<unknown>): Promise<void> {
  const traffic = new Traffic({ urls: [await lab.url('a'), await lab.url('b')], perSecond: 20, pinned: 4 });
  await work();
  expect((await traffic.end()).failures).toEqual([]);
  for (const standing of await standingOf(plan)) {
    expect(standing).toMatchObject({ live: { digest: good }, journal: null });
  }
}

describe('a release', () => {
  it('that does not get ready stops at the first host, with the last lines of its container', async () => {
    const bad = await lab.release('unready', { NEVER_READY: '1' });
    await servingGood(async () => {
      const health = { ...plan.health, withinMs: 3000 };
      const rollout = await deploy({ ...plan, health }, bad);
      expect(rollout).toMatchObject({ ending: 'failed', places: { a: 'old', b: 'old' } });
      expect(rollout.reason).toMatch(/^host a: demo-production-\S+-1 was not ready in time: .*503[^]*I am not ready/);
    });
    expect(await lab.hosts[1]?.podman.containers({ 'plimsoll.digest': bad })).toEqual([]);
  });

  it('that ends again and again is given up before its time', async () => {
    const bad = await lab.release('crashing', { CRASH_AFTER_MS: '0' });
    await servingGood(async () => {
      expect((await deploy(plan, bad)).reason).toMatch(/ends again and again/);
    });
  });

  it('of which there is no image changes nothing', async () => {
    const nowhere = `sha256:${'0'.repeat(64)}`;
    await servingGood(async () => {
      expect(await deploy(plan, nowhere)).toMatchObject({
        ending: 'failed',
        isTouched: false,
        reason: expect.stringMatching(/could not pull|manifest unknown/) as unknown,
      });
    });
  });

  it('whose migration fails changes no host', async () => {
    const next = await lab.release('2');
    const command = ['node', '-e', 'console.log("no such table"); process.exit(3)'];
    await servingGood(async () => {
      expect(await deploy({ ...plan, migration: { command, withinMs: 60_000 } }, next)).toMatchObject({
        ending: 'failed',
        isTouched: false,
        reason: expect.stringMatching(/the migration ended with 3\nno such table/) as unknown,
      });
    });
  });
});
