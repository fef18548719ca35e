import type { Settings } from '../../src/operations/config/settings.js';
import { aFolderOfNames } from '../support/a-name-server.js';
import { Names } from '../../src/platform/probes/names.js';
import { ProbeTargets, RefusedTarget } from '../../src/platform/probes/probe-targets.js';
import { SystemNames } from '../../src/platform/probes/system-names.js';

const HOSTS = `10.0.0.1 good.test mixed.test late.test\n10.0.0.2 good.test
  169.254.169.254 mixed.test\n11.0.0.1 late.test\nfe80::1 six.test\nfd00::1 six.test`;
const folder = await aFolderOfNames({ hosts: HOSTS });
afterAll(() => folder[Symbol.asyncDispose]());

const names = new Names(new SystemNames(folder.path));
const targets = (...probeAllow: string[]) => new ProbeTargets({ probeAllow } as unknown as Settings, names);
const resolving = { withinMs: 5000, run: {} };
const refusal = (allowed: string[], url: string) => targets(...allowed).refusalOf(new URL(url));

describe('a probe target', () => {
  it.each([
    [['10.0.0.0/8'], 'http://10.1.2.3:8080/readyz'],
    [['10.1.2.3'], 'http://10.1.2.3/'],
    [['fd00::/8'], 'http://[fd12::1]/'],
    [['127.0.0.0/8'], 'http://[::ffff:127.0.0.1]/'],
    [['127.0.0.0/8'], 'http://2130706433/'],
    [['app.example.com'], 'https://App.Example.com./'],
    [['10.0.0.0/8'], 'http://a-name-to-look-up/'],
  ])('is allowed by %j: %s', (allowed, url) => {
    expect(refusal(allowed, url)).toBeNull();
  });

  it.each([
    [['10.0.0.0/8'], 'http://11.1.2.3/'],
    [['app.example.com'], 'http://10.1.2.3/'],
    [['app.example.com'], 'http://evil-app.example.com/'],
    [[], 'http://app.example.com/'],
    [['10.0.0.0/8'], 'http://[::ffff:11.0.0.1]/'],
  ])('is not allowed by %j: %s', (allowed, url) => {
    expect(refusal(allowed, url)).toMatch(/is not in PROBE_ALLOW$/);
  });

  it.each([
    'http://169.254.169.254/latest/meta-data',
    'http://169.254.1.1/',
    'http://[::ffff:169.254.169.254]/',
    'http://169.254.169.254./',
    'http://169.16689662/',
    'http://①⑥⑨.254.169.254/',
    'http://[fe80::1]/',
    'http://[fd00:ec2::254]/',
    'http://0.0.0.0/',
    'http://[::]/',
    'http://2852039166/',
  ])('is never link-local or a metadata address, whatever is allowed: %s', (url) => {
    expect(refusal(['0.0.0.0/0', '::/0'], url)).toMatch(/never probed$/);
  });

  it.each([
    ['IPv4-mapped', 'http://[::ffff:a9fe:a9fe]/'],
    ['IPv4-compatible', 'http://[::169.254.169.254]/'],
    ['IPv4-compatible and unspecified', 'http://[::5]/'],
    ['IPv4-translated', 'http://[::ffff:0:169.254.169.254]/'],
    ['NAT64', 'http://[64:ff9b::169.254.169.254]/'],
    ['NAT64 of Azure', 'http://[64:ff9b::168.63.129.16]/'],
    ['local NAT64, /48', 'http://[64:ff9b:1:a9fe:a9:fe00::]/'],
    ['local NAT64, /56', 'http://[64:ff9b:1:a9:fe:a9fe::]/'],
    ['local NAT64, /64', 'http://[64:ff9b:1:0:a9:fea9:fe00:0]/'],
    ['local NAT64, /96', 'http://[64:ff9b:1::a9fe:a9fe]/'],
    ['NAT64 with a prefix of its own', 'http://[2001:db8:64::a9fe:a9fe]/'],
    ['6to4', 'http://[2002:a9fe:a9fe::1]/'],
    ['Teredo, the server', 'http://[2001:0:a9fe:a9fe::1]/'],
    ['Teredo, the client', 'http://[2001:0:102:304:0:0:5601:5601]/'],
    ['ISATAP', 'http://[2001:db8::5efe:a9fe:101]/'],
    ['ISATAP, globally unique', 'http://[2001:db8::200:5efe:100.100.100.200]/'],
  ])('is never a forbidden address inside another: %s', (_form, url) => {
    expect(refusal(['0.0.0.0/0', '::/0'], url)).toMatch(/never probed$/);
  });

  it.each(['http://[::1]/', 'http://[2002:a00:1::1]/', 'http://[64:ff9b::10.0.0.1]/', 'http://[2001:db8::5]/'])(
    'may be an address that carries none of these: %s',
    (url) => {
      expect(refusal(['::/0'], url)).toBeNull();
    },
  );

  it('is the IPv4 address that an IPv4-mapped one maps', async () => {
    expect(refusal(['::ffff:10.0.0.0/104'], 'http://10.0.0.1/')).toBeNull();
    expect(refusal(['::ffff:10.0.0.0/104'], 'http://11.0.0.1/')).toMatch(/not in PROBE_ALLOW$/);
    const [address] = await targets('10.0.0.0/8').resolve(new URL('http://[::ffff:10.0.0.1]/'), resolving);
    expect(address).toEqual({ address: '10.0.0.1', family: 4 });
  });

  it('is the address that was judged', async () => {
    await expect(targets('127.0.0.0/8').resolve(new URL('http://127.0.0.1:80/'), resolving)).resolves.toEqual([
      { address: '127.0.0.1', family: 4 },
    ]);
  });

  it('is every address of a name, if all of them may be probed', async () => {
    const found = await targets('10.0.0.0/8').resolve(new URL('http://good.test/'), resolving);
    expect(found.map(({ address }) => address)).toEqual(['10.0.0.1', '10.0.0.2']);
  });

  it.each([
    [['mixed.test'], 'http://mixed.test', '169.254.169.254'],
    [['0.0.0.0/0'], 'http://mixed.test', '169.254.169.254'],
    [['six.test'], 'http://six.test', 'fe80::1'],
    [['10.0.0.0/8'], 'http://late.test', '11.0.0.1'],
  ])('is refused for the sake of one address, though another may be probed: by %j, %s', async (allowed, url, bad) => {
    const refused = targets(...allowed).resolve(new URL(url), resolving);
    await expect(refused).rejects.toThrow(RefusedTarget);
    await expect(refused).rejects.toThrow(bad);
  });
});
