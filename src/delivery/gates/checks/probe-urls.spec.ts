import { urlFor } from './probe-urls.js';

const context = { service: 's', environment: 'e', release: { digest: 'd', gitSha: 'g', version: '1 / 2' } };
const urlOn = (url: string) => urlFor('{host.url}/readyz', context, { name: 'a', url })?.href ?? null;

describe('the URL of a probe', () => {
  it('is the path of its template on the host', () => {
    expect(urlOn('http://a:8080/base')).toBe('http://a:8080/base/readyz');
  });

  it.each(['http://a/?', 'http://a#', 'http://a/?x=1'])(
    'is none on a host that was put before its URL was refused, and would swallow the path: %s',
    (url) => {
      expect(urlOn(url)).toBeNull();
    },
  );

  it('takes parts of it for nothing else', () => {
    expect(urlFor('http://a/{release.version}', context, null)?.href).toBe('http://a/1%20%2F%202');
  });
});
