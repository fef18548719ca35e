import { setTimeout as delay } from 'node:timers/promises';
import { Api } from './api.js';
import { Load, mostPerSecond } from './load.js';
import { containerOf, healthy, podman } from './stack.mjs';

describe('a rolling restart', () => {
  let api: Api;

  beforeAll(async () => {
    api = await Api.connect();
  });

  afterAll(() => api.close());

  it(`loses none of up to ${mostPerSecond} requests a second, reading and writing`, async () => {
    const { failures, share } = await Load.during(api, async () => {
      for (const service of ['app-1', 'app-2']) {
        await podman('stop', '--time', '30', containerOf(service));
        expect(await podman('inspect', '--format', '{{.State.ExitCode}}', containerOf(service))).toBe('0');
        await podman('start', containerOf(service));
        await healthy(service);
        // The proxy looks every second.
        await delay(2000);
      }
    });
    expect(failures).toEqual([]);
    expect(share).toBeGreaterThanOrEqual(0.95);
  });

  it('is cut short by a second SIGTERM: the process ends at once, with 130', async () => {
    const name = containerOf('app-2');
    await podman('kill', '--signal', 'TERM', name);
    await podman('kill', '--signal', 'TERM', name);
    expect(await podman('wait', name)).toBe('130');
    // Who kills by hand starts by hand: Podman takes it for wanted.
    await podman('start', name);
    await healthy('app-2');
  });
});
