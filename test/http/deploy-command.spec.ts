import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startApplication, type TestApplication } from '../support/application.js';
import { deploymentRequests } from '../support/deployment-requests.js';
import type { SlotFixture } from '../support/fixtures.js';

const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

let app: TestApplication;
let folder: string;
const { aRunningSlot, create } = deploymentRequests(() => app);

beforeAll(async () => {
  app = await startApplication();
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-deploy-command-'));
});
afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true });
});

async function run(args: string[]) {
  const env = { PATH: process.env['PATH'], PLIMSOLL_URL: app.url, PLIMSOLL_TOKEN: app.tokens.deployer, NO_COLOR: '1' };
  const child = spawn(process.execPath, [program, ...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const texts = { out: '', errors: '' };
  child.stdout.on('data', (text) => (texts.out += text));
  child.stderr.on('data', (text) => (texts.errors += text));
  const [code] = await once(child, 'close');
  return { code: code as number, ...texts };
}

/** A plimsoll.yml with a host on which no Podman answers. */
async function aFileOf({ service, environment }: SlotFixture, more = ''): Promise<void> {
  const host = `{ name: a, url: "http://127.0.0.1:8080", podman: "unix://${folder}/nobody.sock" }`;
  const text = `service: ${service}
image: registry.example.com/checkout
proxy: { site: checkout.example.com }
${more}
environments:
  ${environment}: { hosts: [${host}] }
  empty: {}
`;
  await writeFile(join(folder, 'plimsoll.yml'), text);
}

describe('plimsoll plan and plimsoll deploy', () => {
  it('say what would be done, and what stands in the way, before anything is', async () => {
    const { slot, running, next } = await aRunningSlot();
    await create(slot, next.digest);
    await aFileOf(slot);
    const plan = await run(['plan', slot.environment, '--release', next.version]);
    expect(plan.code).toBe(1);
    expect(plan.out).toMatch(new RegExp(`from +${running.version}`));
    expect(plan.out).toMatch(new RegExp(`to +${next.version}`));
    expect(plan.out).toContain('batch 1    a cannot be reached');
    expect(plan.out).toMatch(/deployer\S* holds the slot until 20/);
    expect(plan.out).toMatch(/host a: .*nobody\.sock/);
    const deploy = await run(['deploy', slot.environment, '--release', next.digest, '--yes']);
    expect(deploy.code).toBe(7);
    expect(deploy.errors).toContain('It cannot begin now. No host was changed.');
  });

  it('ask for a confirmation where there is nobody, and change nothing', async () => {
    const { slot, next } = await aRunningSlot();
    await aFileOf(slot);
    const { code, errors } = await run(['deploy', slot.environment, '--release', next.digest, '--wait']);
    expect(code).toBe(2);
    expect(errors).toContain('Nobody is here to confirm this.\n  → Look at plimsoll plan, and give --yes.');
    expect((await app.request('GET', slot.path)).body.activeDeployment).toBeNull();
  });

  it.each([
    ['no release', [], 'It is not said which release is meant.'],
    ['a version that the ledger has not got', ['--release', '9.9.9'], 'The ledger has no release 9.9.9'],
    ['a digest that it has not got', ['--release', `sha256:${'9'.repeat(64)}`], 'Say what it is, and it is put'],
    ['both ways on', ['--resume', '--abort'], 'Give --resume or --abort, not both.'],
  ])('say what is missing with %s', async (_what, args, said) => {
    const { slot } = await aRunningSlot();
    await aFileOf(slot);
    const { code, errors } = await run(['deploy', slot.environment, '--yes', ...args]);
    expect(errors).toContain(said);
    expect(code).toBe(2);
  });

  it('refuse an environment without hosts, and a signature that nobody could verify', async () => {
    const { slot, next } = await aRunningSlot();
    await aFileOf(slot);
    const empty = await run(['plan', 'empty', '--release', next.digest]);
    expect(empty).toMatchObject({ code: 2, errors: expect.stringContaining('environments.empty.hosts') });
    await aFileOf(slot, 'verify: { key: cosign.pub }');
    const signed = await run(['deploy', slot.environment, '--yes', '--release', next.digest]);
    expect(signed).toMatchObject({ code: 2, errors: expect.stringMatching(/cosign\.pub is no public key: ENOENT/) });
  });
});
