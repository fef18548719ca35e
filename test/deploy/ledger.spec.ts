import { Plimsoll } from './a-plimsoll.js';
import { Lab } from './lab.js';
import { aGate, Project, releaseArguments } from './project.js';
import { withTraffic } from './traffic.js';

let lab: Lab;
let plimsoll: Plimsoll;
let project: Project;

beforeAll(async () => {
  [lab, plimsoll] = await Promise.all([Lab.open(['a', 'b']), Plimsoll.start()]);
  project = await Project.begin(lab, plimsoll);
  await project.promote('1');
});

afterAll(async () => {
  await plimsoll.remove();
  await lab.close();
});

describe('a ledger', () => {
  it('that does not answer lets nothing begin but a deployment --without-ledger', async () => {
    const before = await project.serving();
    const digest = await lab.release('alone');
    const nobody = { PLIMSOLL_URL: 'http://127.0.0.1:2', PLIMSOLL_RETRY_SECONDS: '0' };
    const refused = await project.startWith(nobody, 'deploy', '--yes', '--release', digest).ended;
    expect(refused).toMatchObject({ code: 1, errors: expect.stringContaining('Plimsoll does not answer.') });
    expect(await project.serving()).toEqual(before);
    const without = ['deploy', '--yes', '--without-ledger', '--bake', '2', ...releaseArguments(digest, 'alone')];
    expect(await withTraffic(project.urls, () => project.startWith(nobody, ...without).ended)).toMatchObject({
      code: 0,
    });
    expect(await project.serving()).toEqual(['alone', 'alone']);
    // The one without the ledger is told as history first.
    expect(await project.deploy('known')).toMatchObject({ code: 0 });
    expect(await project.history(2)).toEqual(['deploy promoted', 'deploy promoted']);
  });

  it('that was away is told later what was deployed, from any machine, once', async () => {
    const digest = await lab.release('untold');
    const nobody = { PLIMSOLL_URL: 'http://127.0.0.1:2', PLIMSOLL_RETRY_SECONDS: '0' };
    const without = ['deploy', '--yes', '--without-ledger', '--bake', '1', ...releaseArguments(digest, 'untold')];
    expect(await project.startWith(nobody, ...without).ended).toMatchObject({ code: 0 });
    expect((await project.run('doctor')).out).toMatch(/host a: 1 deployed without the ledger/);
    const { code, out } = await project.run('report');
    expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^told: the hosts serve/) as unknown });
    expect(await project.run('verdict', '--wait')).toMatchObject({ code: 0 });
    expect(await project.history(1)).toEqual(['deploy promoted']);
    expect((await project.run('report')).out).toContain('The ledger has heard of everything');
  });

  it('that is killed while its gate watches, and comes back, is waited for', async () => {
    await project.write({}, aGate(6));
    await project.apply();
    const deploying = await project.deploying('patient');
    await deploying.untilSaid({ type: 'phase', phase: 'gating' });
    await plimsoll.die();
    await plimsoll.comeBack();
    expect(await deploying.ended).toMatchObject({ code: 0 });
    expect(await project.history(1)).toEqual(['deploy promoted']);
  });
});

describe('a gate that has no evidence', () => {
  it('ends the command with 6, and --resume goes on once a person has decided', async () => {
    await project.write({}, aGate(4));
    await project.apply();
    // No host is left for it to look at.
    await plimsoll.ask('PUT', '/v1/services/demo/environments/production/hosts', { hosts: [] });
    const { code, said } = await project.deploy('held');
    expect(code).toBe(6);
    const { what, mend } = said.find(({ type }) => type === 'error') ?? {};
    expect(what).toBe('On hold. Each host serves the new version, and a person decides.');
    expect(mend).toContain('plimsoll deploy production --resume');
    expect(await project.serving()).toEqual(['held', 'held']);
    const [{ id }] = (await plimsoll.ask('GET', '/v1/deployments?service=demo&limit=1')).items;
    await plimsoll.ask('POST', `/v1/deployments/${id}/decision`, { decision: 'promote', reason: 'a test' });
    expect(await project.run('deploy', '--resume', '--yes')).toMatchObject({ code: 0 });
    expect(await project.history(1)).toEqual(['deploy promoted']);
  });
});
