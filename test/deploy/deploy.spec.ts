import { deploy } from './deployments.js';
import { Lab } from './lab.js';
import { Traffic } from './traffic.js';

let lab: Lab;

beforeAll(async () => {
  lab = await Lab.open(['a']);
});

afterAll(async () => {
  await lab.close();
});

describe('a deployment', () => {
  it('loses no request, no slow one and no event stream, and closes no connection of a client', async () => {
    const plan = lab.plan();
    expect(await deploy(plan, await lab.release('1'))).toMatchObject({ ending: 'promoted' });
    const traffic = new Traffic({ urls: [await lab.url('a')], perSecond: 50, pinned: 8 });
    expect(await deploy(plan, await lab.release('2'))).toMatchObject({ ending: 'promoted' });
    const { failures, versions, connections } = await traffic.end();
    expect(failures).toEqual([]);
    expect(Object.keys(versions)).toEqual(['1', '2']);
    // Those that are pinned, the slow one's, and one for each event stream.
    expect(connections).toBeLessThanOrEqual(8 + 1 + 2);
  });
});
