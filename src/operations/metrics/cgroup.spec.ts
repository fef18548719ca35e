import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readCgroup } from './cgroup.js';

describe('what the kernel counts of the own control group', () => {
  let root: string;
  beforeEach(async () => (root = await mkdtemp(join(tmpdir(), 'cgroup-'))));
  afterEach(() => rm(root, { recursive: true }));

  async function read(self: string, files: Record<string, string>) {
    for (const [path, text] of Object.entries({ ...files, self })) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), `${text}\n`);
    }
    return readCgroup(root, join(root, 'self'));
  }

  const versionTwo = {
    'memory.current': '300',
    'memory.stat': 'anon 200\ninactive_file 40',
    'memory.max': '512',
    'cpu.stat': 'usage_usec 2500000\nnr_periods 8\nnr_throttled 3\nthrottled_usec 1500000',
    'cpu.max': '50000 100000',
  };
  const told = {
    memoryBytes: 260,
    memoryLimitBytes: 512,
    cpuSeconds: 2.5,
    cpuLimit: 0.5,
    cpuPeriods: 8,
    throttledPeriods: 3,
    throttledSeconds: 1.5,
  };

  test('is read of version 2, in a container at the root', async () => {
    expect(await read('0::/', versionTwo)).toEqual(told);
  });

  test('is read of version 2 where the process is in a group of its own, not of the whole machine', async () => {
    const own = Object.entries(versionTwo).map(([name, text]) => [`a/unit/${name}`, text]);

    expect(await read('0::/a/unit', { ...Object.fromEntries(own), 'cpu.stat': 'usage_usec 9' })).toEqual(told);
  });

  test('is read of version 1, whose paths a container does not see', async () => {
    const files = {
      'memory/memory.usage_in_bytes': '300',
      'memory/memory.limit_in_bytes': '512',
      'memory/memory.stat': 'inactive_file 1\ntotal_inactive_file 40',
      'cpu/cpu.stat': 'nr_periods 8\nnr_throttled 3\nthrottled_time 1500000000',
      'cpu/cpu.cfs_quota_us': '50000',
      'cpu/cpu.cfs_period_us': '100000',
      'cpuacct/cpuacct.usage': '2500000000',
    };

    expect(await read('4:memory:/machine/x\n1:cpu,cpuacct:/machine/x\n0::/', files)).toEqual(told);
  });

  test.each([
    ['2', '0::/', { ...versionTwo, 'memory.max': 'max', 'cpu.max': 'max 100000' }],
    [
      '1',
      '4:memory:/',
      { 'memory/memory.limit_in_bytes': '9223372036854771712', 'cpu/cpu.cfs_quota_us': '-1', 'cpu/cpu.stat': '' },
    ],
  ])('names no limit where version %s has none', async (_version, self, files) => {
    const { memoryLimitBytes, cpuLimit } = await read(self, files as Record<string, string>);

    expect({ memoryLimitBytes, cpuLimit }).toEqual({});
  });

  test('is nothing where there are no control groups', async () => {
    expect(await readCgroup(join(root, 'nowhere'), join(root, 'nothing'))).toEqual({});
  });
});
