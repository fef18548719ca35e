import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { aFolderOfNames, aNameServer, type NameAnswer } from '../support/a-name-server.js';
import { eventually } from '../support/eventually.js';
import { Names } from '../../src/platform/probes/names.js';
import { ProbeError } from '../../src/platform/probes/probe-error.js';
import { SystemNames } from '../../src/platform/probes/system-names.js';

const closing: AsyncDisposable[] = [];
afterEach(async () => {
  for (const each of closing.splice(0)) await each[Symbol.asyncDispose]();
});

const run = {};

/** Names of a system with this name server, which knows these names, and these files. */
async function aSystem(
  answers: Record<string, NameAnswer> = {},
  { resolver = '', ...files }: Record<string, string> = {},
) {
  const server = await aNameServer(answers);
  const folder = await aFolderOfNames({ 'resolv.conf': `nameserver ${server.address}\n${resolver}`, ...files });
  closing.push(server, folder);
  const names = new Names(new SystemNames(folder.path));
  const find = async (name: string, maxAgeMs?: number) =>
    (await names.lookUp(name, run, maxAgeMs)).map(({ address }) => address);
  return { server, names, find, folder: folder.path };
}

describe('a name', () => {
  it('is resolved to all its addresses, those of IPv4 first', async () => {
    const { find } = await aSystem({ 'app.test': { addresses: ['fd00::1', '10.0.0.2', '10.0.0.1'] } });
    const found = await find('app.test');
    expect([found.slice(0, 2).toSorted(), found.slice(2)]).toEqual([['10.0.0.1', '10.0.0.2'], ['fd00::1']]);
  });

  it.each([
    ['files dns', '10.0.0.1'],
    ['dns files', '10.0.0.2'],
    ['mymachines dns [NOTFOUND=return] files', '10.0.0.2'],
    ['mdns4_minimal [NOTFOUND=return] files', '10.0.0.1'],
  ])('is looked up where the system says, in its order: hosts: %s', async (order, address) => {
    const { find } = await aSystem(
      { 'app.test': { addresses: ['10.0.0.2'] } },
      { 'nsswitch.conf': `hosts: ${order}\n`, hosts: '10.0.0.1 other App.test # comment\n' },
    );
    expect(await find('app.test')).toEqual([address]);
  });

  it('is not looked up any further where the system says so', async () => {
    const files = { 'nsswitch.conf': 'hosts: files [NOTFOUND=return] dns' };
    const { find, server } = await aSystem({ 'app.test': { addresses: ['10.0.0.2'] } }, files);
    await expect(find('app.test')).rejects.toThrow(ProbeError);
    expect(server.queries('app.test')).toBe(0);
  });

  it('is found in the hosts file as that is now', async () => {
    const { find, folder } = await aSystem({}, { hosts: '10.0.0.1 app-1' });
    expect(await find('app-1')).toEqual(['10.0.0.1']);
    await writeFile(join(folder, 'hosts'), '10.0.0.2 app-1');
    await eventually(async () => expect(await find('app-1')).toEqual(['10.0.0.2']));
  });

  it('that is localhost needs neither', async () => {
    const { find } = await aSystem();
    expect(await find('localhost')).toEqual(['127.0.0.1', '::1']);
  });

  it.each([
    ['app-1', 'search dns.podman', ['app-1.dns.podman']],
    ['app-1', '', ['app-1']],
    ['app-1.', 'search dns.podman', ['app-1']],
    ['app-1', 'search elsewhere.test dns.podman', ['app-1.dns.podman']],
    ['app-1.dns', 'search podman', ['app-1.dns.podman']],
    ['app-1.dns', 'search podman\noptions ndots:2', ['app-1.dns.podman']],
  ])('is searched for as resolv.conf says: %s with "%s"', async (name, resolver, [known = '']) => {
    const { find } = await aSystem({ [known]: { addresses: ['10.0.0.1'] } }, { resolver });
    expect(await find(name)).toEqual(['10.0.0.1']);
  });

  it.each([
    ['does not exist', { code: 3 }, 'it does not exist'],
    ['has no address', { addresses: [] }, 'it does not exist'],
    ['cannot be told', { code: 2 }, 'ESERVFAIL'],
    ['is not answered', 'silence', 'ETIMEOUT'],
  ] as const)('that %s is no fault of the host', async (_what, answer, why) => {
    const { find } = await aSystem({ 'app.test': answer }, { resolver: 'options attempts:1' });
    await expect(find('app.test')).rejects.toThrow(new ProbeError(`app.test was not resolved: ${why}`));
  });

  it.each(['silence', { code: 2 }, { code: 5 }] as const)('is asked of the next server after %j', async (first) => {
    const good = await aNameServer({ 'app.test': { addresses: ['10.0.0.1'] } });
    closing.push(good);
    const { find } = await aSystem({ 'app.test': first }, { resolver: `nameserver ${good.address}` });
    expect(await find('app.test')).toEqual(['10.0.0.1']);
  });

  it('is resolved whatever else is wrong in resolv.conf', async () => {
    const resolver = 'nameserver bogus\noptions ndots:x timeout:-1 attempts\nsearch .\n; search elsewhere.test';
    const { find } = await aSystem({ 'app.test': { addresses: ['10.0.0.1'] } }, { resolver });
    expect(await find('app.test')).toEqual(['10.0.0.1']);
  });

  it('waits for no other', async () => {
    const silent = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`dead-${n}.test`, 'silence' as const]));
    const { find } = await aSystem({ ...silent, 'app.test': { addresses: ['10.0.0.1'] } });
    const waiting = Object.keys(silent).map((name) => find(name).catch(() => 'not resolved'));
    const first = await Promise.race([find('app.test'), ...waiting]);
    expect(first).toEqual(['10.0.0.1']);
  });
});

describe('the look-ups of a name', () => {
  it('are one at a time, and its answer is kept for its TTL', async () => {
    const { find, server } = await aSystem({ 'app.test': { addresses: ['10.0.0.1'], ttl: 20 } });
    await Promise.all([find('app.test'), find('app.test')]);
    await find('app.test');
    expect(server.queries('app.test')).toBe(1);
  });

  it('are made again when the TTL is over, after a second at the earliest', async () => {
    const { find, server } = await aSystem({ 'app.test': { addresses: ['10.0.0.1'], ttl: 0 } });
    await find('app.test');
    await find('app.test');
    expect(server.queries('app.test')).toBe(1);
    server.answer('app.test', { addresses: ['10.0.0.2'] });
    await eventually(async () => expect(await find('app.test')).toEqual(['10.0.0.2']));
  });

  it('are made again for who wants to know it anew', async () => {
    const { find, server } = await aSystem({ 'app.test': { addresses: ['10.0.0.1'] } });
    await find('app.test');
    server.answer('app.test', { addresses: ['10.0.0.2'] });
    await eventually(async () => expect(await find('app.test', 0)).toEqual(['10.0.0.2']));
  });

  it('of one run are bounded, and leave room for those of others', async () => {
    const { names } = await aSystem({ 'app.test': { addresses: ['10.0.0.1'] } });
    const greedy = {};
    const asked = Array.from({ length: 200 }, (_, n) => names.lookUp(`n${n}.test`, greedy).catch(String));
    const other = names.lookUp('app.test', {});
    const told = (await Promise.all(asked)).filter((one) => String(one).includes('too many'));
    expect([told.length, (await other)[0]?.address]).toEqual([72, '10.0.0.1']);
  });
});
