import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KeySigner } from '../support/image-signer.js';
import { Plimsoll } from './a-plimsoll.js';
import { attach } from './attach.js';
import { Lab } from './lab.js';
import { aGate, Project, releaseArguments, UNGATED } from './project.js';
import { withTraffic } from './traffic.js';

let lab: Lab;
let plimsoll: Plimsoll;
let project: Project;

beforeAll(async () => {
  [lab, plimsoll] = await Promise.all([Lab.open(['a', 'b']), Plimsoll.start()]);
  project = await Project.begin(lab, plimsoll);
  await project.promote('1');
});

afterEach(async () => {
  await project.write({}, UNGATED);
  await project.apply();
});

afterAll(async () => {
  await plimsoll.remove();
  await lab.close();
});

const underTraffic = <Result>(work: () => Promise<Result>): Promise<Result> => withTraffic(project.urls, work);

describe('plimsoll deploy', () => {
  it('puts a release on every host, and ends with 0 once the gate has promoted it', async () => {
    await project.write({}, aGate(4));
    await project.apply();
    const digest = await lab.release('2');
    const plan = await project.run('plan', ...releaseArguments(digest, '2'));
    expect(plan).toMatchObject({ code: 0, errors: '' });
    expect(plan.out).toMatch(/from +1 .*\n +to +2 .*new to the ledger/);
    const { code, said } = await underTraffic(() => project.deploy('2'));
    expect(code).toBe(0);
    expect(said.at(-2)).toMatchObject({ type: 'rollout', ending: 'promoted', hosts: [{ name: 'a' }, { name: 'b' }] });
    expect(await project.serving()).toEqual(['2', '2']);
    expect(await project.history(1)).toEqual(['deploy promoted']);
    const logs = await project.run('logs', '--host', 'a', '--lines', '5');
    expect(logs).toMatchObject({ code: 0, errors: '' });
    expect(logs.out).toContain('a 1 version 2 listens');
  });

  it('says what it does in plain lines where there is no terminal', async () => {
    const digest = await lab.release('2');
    const { code, out } = await project.run('deploy', '--yes', '--release', '2');
    expect(code).toBe(0);
    expect(out).toContain('changes hosts: a\n  a: makes a container\n');
    expect(out).toMatch(new RegExp(`redeploy \\S+ of ${digest}\n`));
    expect(out).toMatch(/promoted, deployment \S+\n {2}host a: serves [0-9a-f]{12}\n/);
  });
});

describe('plimsoll doctor', () => {
  it('names the settings in which what serves differs from plimsoll.yml', async () => {
    await project.write({ memory: '96m', environment: { LEVEL: 'debug' } });
    expect((await project.run('doctor')).out).toMatch(
      /host a: serves \w{12} with other settings .*: environment, limits/,
    );
  });
});

describe('a release', () => {
  it('that never gets ready ends with 3, and the old version serves throughout', async () => {
    await project.write({ health: { intervalSeconds: 0.2, timeoutSeconds: 1, withinSeconds: 3 } });
    await lab.release('unready', { NEVER_READY: '1' });
    const before = await project.serving();
    const { code, said } = await underTraffic(() => project.deploy('unready'));
    expect(code).toBe(3);
    const { what, why } = said.find(({ type }) => type === 'error') ?? {};
    expect(what).toBe('It failed. Each host serves the old version again, and it is well.');
    expect(why).toMatch(/host a: \S+ was not ready in time: .*503[^]*I am not ready/);
    expect(await project.serving()).toEqual(before);
    expect(await project.history(2)).toEqual(['rollback promoted', 'deploy failed']);
  });

  it('that crashes after 20 s is rejected by its gate, and ends with 3', async () => {
    await project.write({}, aGate(30));
    await project.apply();
    await lab.release('crashing', { CRASH_AFTER_MS: '20000', LISTEN_AFTER_MS: '5000' });
    const before = await project.serving();
    const { code } = await project.deploy('crashing');
    expect(code).toBe(3);
    expect(await project.serving()).toEqual(before);
    expect(await project.history(2)).toEqual(['rollback promoted', 'deploy rejected']);
  });

  it('that answers 500 to 5 % of requests is rejected by its gate, and ends with 3', async () => {
    // Some 45 requests a host, and over 20 where a machine is too busy for all: one of them fails for sure.
    await project.write({}, aGate(15, ['/readyz', '/work', '/work', '/work'], 1));
    await project.apply();
    await lab.release('failing', { FAIL_EVERY: '20' });
    const before = await project.serving();
    const { code } = await project.deploy('failing');
    expect(code).toBe(3);
    expect(await project.serving()).toEqual(before);
    expect(await project.history(2)).toEqual(['rollback promoted', 'deploy rejected']);
  });

  it('that shows another digest than the one that was deployed is rejected by its gate, and ends with 3', async () => {
    await project.write({}, aGate(4));
    await project.apply();
    await lab.release('another', { SHOWS_DIGEST: `sha256:${'1'.repeat(64)}` });
    const before = await project.serving();
    const { code, said } = await underTraffic(() => project.deploy('another'));
    expect(code).toBe(3);
    const { why } = said.find(({ type }) => type === 'error') ?? {};
    expect(why).toContain('wrong-version');
    expect(await project.serving()).toEqual(before);
    expect(await project.history(2)).toEqual(['rollback promoted', 'deploy rejected']);
  });

  it('of which there is no image ends with 1, and no host is changed', async () => {
    const nowhere = releaseArguments(`sha256:${'0'.repeat(64)}`, 'nowhere');
    const { code, errors } = await underTraffic(() => project.run('deploy', '--yes', ...nowhere));
    expect(code).toBe(1);
    expect(errors).toMatch(
      /^plimsoll: It failed. No host was changed.\n {2}host a: .*(could not pull|manifest unknown)/,
    );
    expect(await project.history(1)).toEqual(['deploy failed']);
  });

  it('whose migration fails ends with 1, with what it said, and no host is changed', async () => {
    const command = ['node', '-e', 'console.log("no such table"); process.exit(3)'];
    await project.write({ migrate: { command } });
    const before = await project.serving();
    const { code, said } = await underTraffic(() => project.deploy('3'));
    expect(code).toBe(1);
    expect(said.find(({ type }) => type === 'error')).toMatchObject({
      why: expect.stringMatching(/the migration ended with 3\n {2}no such table/) as unknown,
    });
    expect(await project.serving()).toEqual(before);
    expect(await project.history(1)).toEqual(['deploy failed']);
  });
});

async function deploySigned(version: string, sign: (image: string) => string | null) {
  const digest = await lab.release(version);
  const image = `${lab.registry}/demo@${digest}`;
  const bundle = sign(image);
  if (bundle !== null) await attach(image, bundle);
  return project.run('deploy', '--yes', ...releaseArguments(digest, version));
}

describe('where plimsoll.yml asks for a signature', () => {
  const signer = new KeySigner();

  beforeEach(async () => {
    await writeFile(join(project.folder, 'cosign.pub'), signer.publicKey);
    await project.write({ verify: { key: 'cosign.pub' } });
  });

  it.each<[string, (image: string) => string | null, RegExp]>([
    ['is not signed', () => null, /is not signed/],
    ['was signed by somebody else', (image) => new KeySigner().sign(image), /no signature that counts/],
    [
      'has the signature of another image',
      (image) => signer.sign(image.replace(/.{8}$/, '00000000')),
      /made for another image/,
    ],
  ])('an image that %s ends with 1, and no host is changed', async (how, sign, told) => {
    const before = await project.serving();
    const { code, errors } = await deploySigned(how.replaceAll(' ', '-'), sign);
    expect({ code, errors }).toEqual({ code: 1, errors: expect.stringMatching(told) as unknown });
    expect(errors).toContain('It failed. No host was changed.');
    expect(await project.serving()).toEqual(before);
    expect(await project.history(1)).toEqual(['deploy failed']);
  });

  it('an image that is signed comes to every host', async () => {
    expect(await deploySigned('signed', (image) => signer.sign(image))).toMatchObject({ code: 0 });
    expect(await project.serving()).toEqual(['signed', 'signed']);
  });
});

describe('Ctrl-C', () => {
  it('before the gate brings every host back and ends with 130, however often it is pressed', async () => {
    const before = await project.serving();
    const deploying = await project.deploying('interrupted');
    await deploying.untilSaid({ type: 'step', step: 'create' });
    deploying.child.kill('SIGINT');
    deploying.child.kill('SIGINT');
    const { code, said } = await underTraffic(() => deploying.ended);
    expect(code).toBe(130);
    expect(said.find(({ type }) => type === 'error')).toMatchObject({
      what: expect.stringMatching(/^Interrupted\. Each host serves the old version again\./) as unknown,
    });
    expect(await project.serving()).toEqual(before);
    expect((await project.history(2)).at(-1)).toBe('deploy failed');
  });

  it('while the gate watches lets the gate go on, and --resume follows it', async () => {
    await project.write({}, aGate(20));
    await project.apply();
    const deploying = await project.deploying('followed');
    await deploying.untilSaid({ type: 'phase', phase: 'gating' });
    deploying.child.kill('SIGINT');
    const { code, said } = await deploying.ended;
    expect(code).toBe(130);
    expect(said.find(({ type }) => type === 'error')).toMatchObject({
      what: 'Interrupted. Each host serves the new version. The gate goes on.',
      mend: expect.stringContaining('plimsoll verdict --wait --deployment') as unknown,
    });
    expect(await project.serving()).toEqual(['followed', 'followed']);
    expect(await project.run('deploy', '--resume', '--yes')).toMatchObject({ code: 0 });
    expect(await project.history(1)).toEqual(['deploy promoted']);
    expect((await project.run('deploy', '--resume', '--yes')).out).toContain('Nothing was begun here');
  });
});

describe('a second deployer', () => {
  it('is told who holds the slot and until when, or waits for it', async () => {
    // Built before, so that the first one's gate still watches when the third one comes.
    await Promise.all(['first', 'third'].map((version) => lab.release(version)));
    const secondDigest = await lab.release('second');
    await project.write({}, aGate(60));
    await project.apply();
    const first = await project.deploying('first');
    await first.untilSaid({ type: 'phase', phase: 'gating' });
    await project.write({}, aGate(10));
    const second = await project.run('deploy', '--yes', ...releaseArguments(secondDigest, 'second'));
    expect(second.code).toBe(7);
    expect(second.errors).toMatch(/bootstrap\S* holds the slot until .*\(deployment \S+\)/);
    expect(second.errors).toContain('--wait');
    const third = await project.deploying('third', '--wait');
    await third.untilSaid({ type: 'waiting' });
    expect(await first.ended).toMatchObject({ code: 0 });
    expect(await third.ended).toMatchObject({ code: 0 });
    expect(await project.serving()).toEqual(['third', 'third']);
  });
});

describe('plimsoll rollback', () => {
  it('brings every host back to what was promoted before', async () => {
    await project.promote('good');
    await project.promote('regretted');
    const { code } = await underTraffic(() => project.run('rollback', '--yes', '--reason', 'errors in the checkout'));
    expect(code).toBe(0);
    expect(await project.serving()).toEqual(['good', 'good']);
    expect(await project.history(1)).toEqual(['rollback promoted']);
  });

  it('takes over a deployment that its gate still watches, and tells whoever follows that', async () => {
    await project.promote('good');
    await project.write({}, aGate(60));
    await project.apply();
    const deploying = await project.deploying('doubtful');
    await deploying.untilSaid({ type: 'phase', phase: 'gating' });
    await project.write({}, UNGATED);
    await project.apply();
    const { code } = await project.run('rollback', '--yes', '--reason', 'errors in the checkout');
    expect(code).toBe(0);
    expect(await project.serving()).toEqual(['good', 'good']);
    const { code: told, errors } = await deploying.ended;
    expect({ told, errors }).toEqual({ told: 7, errors: '' });
    expect(await project.history(2)).toEqual(['rollback promoted', 'deploy rejected']);
  });
});
