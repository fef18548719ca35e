import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startApplication, type TestApplication } from '../support/application.js';
import { deploymentRequests } from '../support/deployment-requests.js';
import { eventually } from '../support/eventually.js';
import { aDeployment, aRelease, aSlot, type SlotFixture } from '../support/fixtures.js';

const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

const of = ({ service, environment }: SlotFixture): string[] => ['--service', service, environment];

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly errors: string;
  /** What `--json` said, an object a line. */
  readonly said: Record<string, unknown>[];
}

describe('the plimsoll command', () => {
  let app: TestApplication;
  let folder: string;
  const { aRunningSlot, ship, create, report } = deploymentRequests(() => app);

  beforeAll(async () => {
    app = await startApplication();
    folder = await mkdtemp(join(tmpdir(), 'plimsoll-command-'));
  });

  afterAll(async () => {
    await app.close();
    await rm(folder, { recursive: true });
  });

  function start(args: string[], settings: Record<string, string> = {}) {
    const own = {
      PLIMSOLL_URL: app.url,
      PLIMSOLL_TOKEN: app.tokens.operator,
      NO_COLOR: '1',
      PLIMSOLL_RETRY_SECONDS: '0',
    };
    const env = { PATH: process.env['PATH'], ...own, ...settings };
    const child = spawn(process.execPath, [program, ...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const texts = { out: '', errors: '' };
    child.stdout.on('data', (text) => (texts.out += text));
    child.stderr.on('data', (text) => (texts.errors += text));
    const ended = once(child, 'close').then(([code]): Ended => {
      const said = args.includes('--json')
        ? texts.out
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line))
        : [];
      return { code, ...texts, said };
    });
    return { child, texts, ended };
  }

  const run = (args: string[], settings?: Record<string, string>): Promise<Ended> => start(args, settings).ended;

  it('says what runs, as text and as the same object a line', async () => {
    const { slot, running } = await aRunningSlot();

    const text = await run(['status', ...of(slot)]);
    expect(text).toMatchObject({ code: 0, errors: '' });
    expect(text.out).toMatch(new RegExp(`running +${running.version}`));
    const json = await run(['status', '--json', ...of(slot)]);
    expect(json.said).toMatchObject([
      { type: 'slot', service: slot.service, runningRelease: { digest: running.digest } },
      { type: 'end', ending: 'promoted', exitCode: 0 },
    ]);
  });

  it('lists deployments over several pages', async () => {
    const slot = await aSlot(app);
    for (let i = 0; i < 3; i += 1) await ship(slot);
    const { said } = await run(['history', '--json', '--limit', '2', ...of(slot)]);
    expect(said).toMatchObject([
      { type: 'deployment', sequence: 3 },
      { type: 'deployment', sequence: 2 },
      { type: 'end' },
    ]);
  });

  it('gives a promoted deployment the exit code 0, and one on hold 6', async () => {
    const { slot } = await aRunningSlot();
    expect(await run(['verdict', '--wait', ...of(slot)])).toMatchObject({ code: 0 });

    const held = await aSlot(app, { gate: null });
    await aDeployment(app, {
      ...held,
      state: 'verifying',
      digest: (await aRelease(app, { service: held.service })).digest,
    });
    const hold = await run(['verdict', '--wait', '--json', ...of(held)]);
    expect(hold).toMatchObject({
      code: 6,
      said: [{ verdict: 'hold', reasons: [{ code: 'no-evidence' }] }, { ending: 'onHold' }],
    });
  });

  it('gives a rejected one 5 as long as the slot is not back, and then 3', async () => {
    const slot = await aSlot(app);
    const { digest } = await ship(slot);
    await app.request('PUT', `${slot.path}/gate`, {
      body: {
        checks: [
          { name: 'ready', type: 'http', url: '{host.url}/', expect: [{ field: 'status', op: 'eq', value: 200 }] },
        ],
      },
    });
    const next = await aRelease(app, { service: slot.service });
    const { id } = await aDeployment(app, { ...slot, digest: next.digest, state: 'verifying' });
    await app.request('POST', `/v1/deployments/${id}/decision`, { body: { decision: 'reject', reason: 'a test' } });

    expect(await run(['verdict', '--deployment', id])).toMatchObject({ code: 5 });
    await app.request('PUT', `${slot.path}/gate`, { body: { ungated: 'a test' } });
    const back = await run(['rollback', '--ledger-only', '--json', '--reason', 'a test', ...of(slot)]);
    expect(back).toMatchObject({ code: 0, said: [{ kind: 'rollback', release: { digest } }, {}] });
    const [{ id: backId, fence } = {}] = back.said;
    await app.request('POST', `/v1/deployments/${backId}/deployed`, { body: { fence } });
    expect(await run(['verdict', '--deployment', id])).toMatchObject({ code: 3 });
  });

  it('waits no longer than it may, and says when it is interrupted that the gate goes on', async () => {
    const { slot, next } = await aRunningSlot();
    const { body } = await create(slot, next.digest);

    expect(await run(['verdict', '--wait', '--timeout', '1', ...of(slot)])).toMatchObject({ code: 124 });
    const { child, texts, ended } = start(['verdict', '--wait', ...of(slot)]);
    await eventually(() => expect(texts.out).toContain('pending: in_progress'));
    child.kill('SIGINT');
    const { code, errors } = await ended;
    expect(code).toBe(130);
    expect(errors).toContain(`The gate of deployment ${body.id} goes on without you`);
    expect(errors).toContain(`plimsoll verdict --wait --deployment ${body.id}`);
  });

  it('says who holds a slot, and is refused there with 7', async () => {
    const { slot, next } = await aRunningSlot();
    const { body } = await create(slot, next.digest);

    const lock = await run(['lock', ...of(slot)]);
    expect(lock.out).toMatch(new RegExp(`is held by deployer.*until .*${body.id}`, 's'));
    const refused = await run(['rollback', '--ledger-only', '--reason', 'a test', ...of(slot)]);
    expect(refused).toMatchObject({ code: 7, out: '' });
    expect(refused.errors).toMatch(/^plimsoll: Another deployment holds this slot\.\n.*\n {2}→ plimsoll lock/);
  });

  it('shows what each host runs, and which one drifts', async () => {
    const url = 'http://127.0.0.1:8080';
    const slot = await aSlot(app, { hosts: ['a', 'b', 'c'].map((name) => ({ name, url })) });
    const { digest } = await ship(slot);
    const other = `sha256:${'0'.repeat(64)}`;
    for (const [host, seen] of Object.entries({ a: digest, b: other }))
      await app.request('POST', `${slot.path}/observations`, { body: { host, digest: seen } });

    const { code, out } = await run(['hosts', ...of(slot)]);
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`\\na +${url} +${digest.slice(7, 19)} .* ok\\n`));
    expect(out).toMatch(new RegExp(`\\nb +${url} +0{12} .* drifts\\n`));
    expect(out).toMatch(new RegExp(`\\nc +${url} +– `));
    const { said } = await run(['hosts', '--json', ...of(slot)]);
    expect(said).toMatchObject([
      { type: 'host', name: 'a', observedDigest: digest, drifting: false },
      { name: 'b', drifting: true },
      { name: 'c', observedDigest: null },
      { type: 'end' },
    ]);
  });

  it.each([
    ['no token', { PLIMSOLL_TOKEN: '' }, 4, 'There is no token.'],
    ['a token that is not valid', { PLIMSOLL_TOKEN: 'plm_x' }, 4, 'A valid token is required.'],
    ['no address', { PLIMSOLL_URL: '' }, 2, 'It is not said where Plimsoll is.'],
    ['nobody who answers', { PLIMSOLL_URL: 'http://127.0.0.1:2' }, 1, 'http://127.0.0.1:2 takes no connection.'],
  ])('tells what is wrong and what mends it with %s', async (_what, settings, code, said) => {
    const ended = await run(['status', '--service', 'checkout', 'production'], settings);
    expect(ended).toMatchObject({ code, out: '' });
    expect(ended.errors).toContain(said);
    expect(ended.errors).toContain('  → ');
  });

  it('tells a fault of plimsoll.yml with line and column, and ends with 2', async () => {
    await writeFile(join(folder, 'wrong.yml'), 'service: checkout\nimgae: registry.example.com/checkout\n');
    const { code, said } = await run(['status', '--json', '-f', 'wrong.yml']);
    expect(code).toBe(2);
    expect(said).toMatchObject([
      {
        type: 'error',
        ending: 'usage',
        faults: expect.arrayContaining([expect.objectContaining({ line: 2, column: 1, place: 'imgae' })]),
      },
      { type: 'end', exitCode: 2 },
    ]);
  });

  it('puts hosts and gate of the file, tells what the server finds wrong with its line, and doctors', async () => {
    const slot = await aSlot(app, { gate: null });
    const file = (interval: number) => `service: ${slot.service}
image: registry.example.com/checkout
proxy: { site: checkout.example.com }
environments:
  ${slot.environment}:
    hosts: [{ name: a, url: http://127.0.0.1:8080 }]
    gate:
      bakeSeconds: 30
      checks:
        - { name: ready, type: http, url: "{host.url}/", intervalSeconds: ${interval}, timeoutSeconds: 50, expect: [{ field: status, op: eq, value: 200 }] }
`;
    await writeFile(join(folder, 'plimsoll.yml'), file(10));
    expect((await run(['doctor'])).out).toContain('✗ gate: none was put');
    const refused = await run(['apply']);
    expect(refused).toMatchObject({ code: 2 });
    expect(refused.errors).toMatch(/plimsoll\.yml:10:\d+: environments\.[\w-]+\.gate\.checks\[0\]\.timeoutSeconds /);

    await writeFile(join(folder, 'plimsoll.yml'), file(50).replace('bakeSeconds: 30', 'bakeSeconds: 100'));
    expect(await run(['apply'])).toMatchObject({ code: 0, out: 'hosts: 1 put\ngate: put\n' });
    const well = await run(['doctor']);
    expect(well).toMatchObject({ code: 0 });
    expect(well.out).toContain('✓ token: operator, operator');
  });

  it('adds, lists and removes freezes, and lets nothing of their reasons reach the terminal', async () => {
    const { environment } = await aSlot(app);
    const added = await run(['freeze', 'add', environment, '--for', '2h', '--reason', 'a \u001b[2Jtest', '--json']);
    expect(added).toMatchObject({ code: 0, said: [{ environment, reason: 'a \u001b[2Jtest' }, {}] });
    const list = await run(['freeze', 'list', environment]);
    expect(list.out).toContain('a �[2Jtest');
    expect(list.out).toContain(`now in ${environment}: frozen until`);
    expect(await run(['freeze', 'remove', String(added.said[0]?.['id'])])).toMatchObject({ code: 0 });
    expect((await run(['freeze', 'list', environment])).out).toContain('No freeze is planned.');
  });

  it('tells what happened in its order, with who did it and what it changed, for as long as is asked', async () => {
    const { slot, running, next } = await aRunningSlot();
    const from = new Date().toISOString();
    const { id, fence } = (await create(slot, next.digest)).body;
    await report(id, 'failed', { fence, reason: 'a \u001b[2Jtest', hostsChanged: false });
    const told = await run(['timeline', '--from', from]);
    const lines = told.out.split('\n').filter((line) => line.includes(id));
    expect(lines).toEqual([
      expect.stringMatching(/^20\S+Z +\S+ +deployment\.create +/),
      expect.stringMatching(/ deployment\.fail\S* .*state: in_progress → failed/),
    ]);
    expect(told.out).not.toContain('\u001b');
    expect(told.out).not.toContain(running.digest);
    const { said } = await run(['timeline', '--since', '1h', '--limit', '1', '--json']);
    expect(said).toHaveLength(2);
    expect(await run(['timeline', '--since', 'yesterday'])).toMatchObject({ code: 2 });
    expect(await run(['timeline'], { PLIMSOLL_TOKEN: app.tokens.viewer })).toMatchObject({ code: 4 });
  });
});
