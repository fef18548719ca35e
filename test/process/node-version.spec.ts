import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const claim = `Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.20.2'}})`;

/** The programs of the build. A Node that is older is played: it may not be on the machine. */
describe.each(['dist/main.js', 'dist/migrate.js'])('%s', (path) => {
  const program = fileURLToPath(new URL(`../../${path}`, import.meta.url));

  it('says in one line which Node it needs, and ends as with wrong settings', () => {
    const args = [`--import=data:text/javascript,${claim}`, program];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env: {} });

    expect({ status, stdout }).toEqual({ status: 78, stdout: '' });
    expect(stderr).toMatch(/^This is Node 20\.20\.2, and Plimsoll needs Node 26 or newer\. .*npm run.*\n$/);
  });

  it('imports nothing before that, which an older Node could not link', () => {
    expect(readFileSync(program, 'utf8')).not.toMatch(/^import /m);
  });
});

/** What `npm run migrate -- --help` would be, with these scripts. */
const helpOfMigrate = (folder: string) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, 'built.mjs'), 'dist/migrate.js', '-h'], {
    encoding: 'utf8',
  });
  return { status, output: stdout + stderr };
};

describe('npm run serve and npm run migrate', () => {
  const scripts = fileURLToPath(new URL('../../ops/scripts', import.meta.url));
  it('hand their arguments to the built program', () => {
    expect(helpOfMigrate(scripts)).toEqual({
      status: 0,
      output: expect.stringContaining('usage: npm run migrate -- up'),
    });
  });

  it('say what to run first in a clone that is not built', async () => {
    const clone = await mkdtemp(join(tmpdir(), 'plimsoll-unbuilt-'));
    await cp(scripts, join(clone, 'ops/scripts'), { recursive: true });
    const told = helpOfMigrate(join(clone, 'ops/scripts'));
    await rm(clone, { recursive: true });

    expect(told).toEqual({ status: 1, output: expect.stringMatching(/^✗ .*First run: npm ci && npm run build\n$/) });
  });
});
