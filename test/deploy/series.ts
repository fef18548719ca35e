import { eventually } from '../support/eventually.js';
import { Plimsoll } from './a-plimsoll.js';
import { promote } from './deployments.js';
import { Lab } from './lab.js';
import { aGate, Project } from './project.js';
import { Traffic } from './traffic.js';

/** Not in CI: `npm run test:deploy:series`. Its figures stand in ops/bench/README.md. */
const deployments = 10;
const perSecond = 200;
const pinned = 32;

let lab: Lab;

beforeAll(async () => {
  lab = await Lab.open(['a']);
});

afterAll(async () => {
  await lab.close();
});

describe('a verdict of rollback', () => {
  it('has all traffic on the old version again within seconds, which are told', async () => {
    const plimsoll = await Plimsoll.start();
    try {
      const project = await Project.begin(lab, plimsoll);
      await project.promote('good');
      await project.write({}, aGate(20, ['/work']));
      await project.apply();
      await lab.release('bad', { FAIL_EVERY: '1' });
      const deploying = await project.deploying('bad');
      await deploying.untilSaid({ type: 'verdict', verdict: 'rollback' });
      const fellAt = performance.now();
      await eventually(async () => expect(await project.serving()).toEqual(['good']), 60_000);
      process.stdout.write(
        `all traffic was back ${Math.round(performance.now() - fellAt)} ms after the verdict was heard\n`,
      );
      expect(await deploying.ended).toMatchObject({ code: 3 });
    } finally {
      await plimsoll.remove();
      await lab.hosts[0]?.clear();
    }
  }, 600_000);
});

describe(`${deployments} deployments in a row`, () => {
  it(`lose none of ${perSecond} requests a second, no slow one and no event stream`, async () => {
    const digests: string[] = [];
    for (let version = 0; version <= deployments; version += 1) digests.push(await lab.release(String(version)));
    await promote(lab.plan(), digests[0] ?? '');
    const traffic = new Traffic({ urls: [await lab.url('a')], perSecond, pinned });
    const startedAt = performance.now();
    for (const digest of digests.slice(1)) await promote(lab.plan(), digest);
    const { failures, versions, sent, connections } = await traffic.end();
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    process.stdout.write(
      `${failures.length} of ${sent} requests failed in ${seconds} s, on ${connections} connections\n`,
    );
    expect(failures).toEqual([]);
    expect(Object.keys(versions)).toHaveLength(deployments + 1);
    // Those that are pinned, the slow one's, and one for each event stream: none was closed under a client.
    expect(connections).toBeLessThanOrEqual(pinned + 1 + deployments + 1);
    // What no rollback needs is gone.
    expect(await lab.hosts[0]?.podman.containers({ 'plimsoll.role': 'replica' })).toHaveLength(2);
  }, 1_800_000);
});
