import type { Settings } from '../../operations/config/settings.js';
import { ProbeTargets, RefusedTarget } from './probe-targets.js';

const targets = (...probeAllow: string[]) => new ProbeTargets({ probeAllow } as unknown as Settings);
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
    'http://[64:ff9b::a9fe:a9fe]/',
    'http://[fe80::1]/',
    'http://[fd00:ec2::254]/',
    'http://0.0.0.0/',
    'http://[::]/',
    'http://2852039166/',
  ])('is never link-local or a metadata address, whatever is allowed: %s', (url) => {
    expect(refusal(['0.0.0.0/0', '::/0'], url)).toMatch(/never probed$/);
  });

  it('is the address that was judged', async () => {
    await expect(targets('127.0.0.0/8').resolve(new URL('http://127.0.0.1:80/'))).resolves.toEqual({
      address: '127.0.0.1',
      family: 4,
    });
  });

  it('is looked up, and every address of the name is judged', async () => {
    const localhost = new URL('http://localhost/');
    expect((await targets('localhost').resolve(localhost)).address).toMatch(/^127\.|^::1$/);
    await expect(targets('10.0.0.0/8').resolve(localhost)).rejects.toThrow(RefusedTarget);
  });
});
