import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { jest } from '@jest/globals';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startApplication, type TestApplication } from '../support/application.js';
import { deploymentRequests } from '../support/deployment-requests.js';
import { aDeployment, aRelease, aSlot } from '../support/fixtures.js';
import { daysAgo, deploymentLine, importInto, incidentLine, releaseLine } from '../support/import-lines.js';

// The command is started a dozen times.
jest.setTimeout(180_000);

const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

let source: TestApplication;
let target: TestApplication;
let folder: string;
const { ship } = deploymentRequests(() => source);

beforeAll(async () => {
  source = await startApplication();
  target = await startApplication();
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-export-'));
});
afterAll(async () => {
  await source.close();
  await target.close();
  await rm(folder, { recursive: true });
});

/** Runs the command; what it reads of its standard input is `input`. */
async function run(app: TestApplication, args: string[], input = '') {
  const env = { PATH: process.env['PATH'], PLIMSOLL_URL: app.url, PLIMSOLL_TOKEN: app.tokens.admin, NO_COLOR: '1' };
  const child = spawn(process.execPath, [program, ...args], { cwd: folder, env });
  const texts = { out: '', errors: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => (texts.out += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (texts.errors += text));
  child.stdin.end(input);
  const [code] = await once(child, 'close');
  return { code, ...texts };
}

/** A ledger with all that there can be in one. */
async function fill(): Promise<void> {
  const slot = await aSlot(source);
  for (const _ of [1, 2, 3]) await ship(slot);
  const { id } = await aDeployment(source, { ...slot, body: { externalId: 'run-77' } });
  await source.request('POST', `/v1/deployments/${id}/failed`, { body: { fence: 4, reason: 'It did not start.' } });
  const [{ id: newest }] = (await source.request('GET', '/v1/deployments?state=promoted&limit=1')).body.items;
  await source.request('POST', `/v1/deployments/${newest}/mark`, { body: { bad: true, reason: 'It lost orders.' } });
  const { service, environment } = slot;
  for (const deploymentId of [newest, null]) {
    const body = { service, environment, title: 'Orders are lost', deploymentId, startsAt: daysAgo(1) };
    await source.request('POST', '/v1/incidents', { body });
  }
  const back = await source.request('POST', `${slot.path}/rollback`, {
    headers: { 'idempotency-key': 'back' },
    body: { reason: 'a test' },
  });
  await source.request('POST', `/v1/deployments/${back.body.id}/deployed`, { body: { fence: back.body.fence } });
  const other = await aSlot(source);
  await importInto(source, [
    ...Array.from({ length: 210 }, (_, n) => releaseLine(other.service, `v${n}`, { createdAt: daysAgo(500 - n) })),
    ...Array.from({ length: 210 }, (_, n) => deploymentLine(other, `run-${n}`, `v${n}`, 500 - n)),
    incidentLine(other, 'fp', daysAgo(400), { deploymentExternalId: 'run-3', title: 'Slow' }),
  ]);
  // What is not over is not history yet.
  await aDeployment(source, {
    service: other.service,
    digest: (await aRelease(source, { service: other.service })).digest,
  });
}

const sorted = (text: string): string[] => text.trim().split('\n').sort();

describe('an export', () => {
  beforeAll(fill);

  it('that is imported into an empty ledger gives the same export, and the same once more', async () => {
    const first = await run(source, ['export']);
    expect([first.code, first.errors]).toEqual([0, expect.stringContaining('1 deployments are not over')]);
    await writeFile(join(folder, 'ledger.ndjson'), first.out);

    const imported = await run(target, ['import', 'ledger.ndjson']);
    const lines = sorted(first.out);
    expect(imported).toMatchObject({ code: 0, out: `${lines.length} created, 0 known before, 0 refused\n` });

    const second = await run(target, ['export']);
    expect(sorted(second.out)).toEqual(lines);
    const again = await run(target, ['import', '-'], second.out);
    expect(again).toMatchObject({ code: 0, out: `0 created, ${lines.length} known before, 0 refused\n` });
  });

  it('goes on where it was interrupted, and gives the same file', async () => {
    const whole = await run(source, ['export', '--output', 'whole.ndjson']);
    expect([whole.code, whole.out]).toEqual([0, '']);
    const text = await readFile(join(folder, 'whole.ndjson'), 'utf8');
    expect(text).toBe((await run(source, ['export'])).out);

    const cut = text.split('\n').findIndex((line) => line.includes('"type":"release"'));
    const catalog = `${text.split('\n').slice(0, cut).join('\n')}\n`;
    await writeFile(join(folder, 'cut.ndjson.part'), `${catalog}{"type":"rel`);
    const progress = { url: source.url, bytes: Buffer.byteLength(catalog), next: { list: 1 } };
    await writeFile(join(folder, 'cut.ndjson.progress'), JSON.stringify(progress));
    expect(await run(source, ['export', '--output', 'cut.ndjson'])).toMatchObject({ code: 0 });
    expect(await readFile(join(folder, 'cut.ndjson'), 'utf8')).toBe(text);
    await expect(readFile(join(folder, 'cut.ndjson.progress'))).rejects.toThrow('ENOENT');
  });

  it('does not go on with the export of another server', async () => {
    await writeFile(join(folder, 'other.ndjson.part'), '');
    const progress = { url: 'http://elsewhere', bytes: 0, next: { list: 1 } };
    await writeFile(join(folder, 'other.ndjson.progress'), JSON.stringify(progress));
    const { code, errors } = await run(source, ['export', '--output', 'other.ndjson']);
    expect([code, errors]).toEqual([2, expect.stringContaining('Remove other.ndjson.progress to begin anew')]);
  });
});

describe('an import', () => {
  it('says which lines were refused, by their numbers in the file', async () => {
    const lines = [
      { type: 'service', service: 'shop', description: '' },
      { type: 'environment', environment: 'Production', tier: 'production' },
      releaseLine('shop', 'one'),
      releaseLine('nobody', 'two'),
    ];
    const { code, out } = await run(target, ['import', '-'], lines.map((line) => JSON.stringify(line)).join('\n'));
    expect(code).toBe(1);
    expect(out.split('\n')).toEqual([
      '2 created, 0 known before, 2 refused',
      expect.stringMatching(/^✗ line 2: .*must begin with a lower-case letter/),
      expect.stringMatching(/^✗ line 4: \/service: There is no service "nobody"/),
      '',
    ]);
  });

  it('takes the file of an earlier version, whose lines lack what was added since', async () => {
    const slot = { service: 'old-shop', environment: 'old-place' };
    const history = [
      releaseLine('old-shop', 'old', { createdAt: undefined }),
      { ...deploymentLine(slot, 'old-1', 'old', 30), remediatesExternalId: undefined },
      incidentLine(slot, 'old-fp', daysAgo(20), { labels: undefined, deploymentExternalId: undefined }),
    ];
    const lines = [
      { type: 'environment', environment: 'old-place', tier: 'development' },
      { type: 'service', service: 'old-shop' },
      ...history,
    ].map((line) => JSON.stringify(line));
    const { code, out } = await run(target, ['import', '-'], lines.join('\n'));
    expect([code, out]).toEqual([0, '5 created, 0 known before, 0 refused\n']);
    const exported = (await run(target, ['export'])).out.split('\n').filter((line) => line.includes('"old-'));
    const again = await run(target, ['import', '-'], exported.join('\n'));
    expect(again.out).toBe('0 created, 5 known before, 0 refused\n');
  });

  it('refuses a line of a later version rather than forget a field of it, and takes the others', async () => {
    const lines = [
      { type: 'environment', environment: 'new-place', tier: 'development', colour: 'red' },
      { type: 'service', service: 'new-shop' },
      releaseLine('new-shop', 'new', { colour: 'red' }),
      releaseLine('new-shop', 'newer'),
    ].map((line) => JSON.stringify(line));
    const { code, out } = await run(target, ['import', '-'], lines.join('\n'));
    expect(code).toBe(1);
    expect(out.split('\n')).toEqual([
      '2 created, 0 known before, 2 refused',
      expect.stringMatching(/^✗ line 1: .*colour.* is not known here/),
      expect.stringMatching(/^✗ line 3: .*colour.* is not known here/),
      '',
    ]);
  });

  it('ends with what is missing where the file cannot be read', async () => {
    expect(await run(target, ['import', 'nothing.ndjson'])).toMatchObject({ code: 2 });
  });
});
