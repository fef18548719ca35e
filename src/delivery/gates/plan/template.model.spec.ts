import { render, speaksOfHost, type TemplateValues, unknownPlaceholders } from './template.model.js';

const values: TemplateValues = {
  'host.name': 'a',
  'host.url': 'http://10.0.0.5:8080',
  'release.digest': 'sha256:1',
  'release.gitSha': 'abc',
  'release.version': '1.4.2',
  service: 'checkout',
  environment: 'production',
};

describe('a template', () => {
  it('says what its placeholders stand for', () => {
    expect(render('{host.url}/readyz?v={release.version}', values)).toBe('http://10.0.0.5:8080/readyz?v=1.4.2');
  });

  it('leaves the braces of a PromQL selector alone', () => {
    const query = 'rate(x{version="{release.version}",code=~"5.."}[2m])';
    expect(unknownPlaceholders(query)).toEqual([]);
    expect(render(query, values)).toBe('rate(x{version="1.4.2",code=~"5.."}[2m])');
  });

  it('is at fault where a placeholder stands for nothing', () => {
    expect(unknownPlaceholders('{host.uri}/{release.version}/{nothing}')).toEqual(['host.uri', 'nothing']);
  });

  it('speaks of a host only through a host placeholder', () => {
    expect(speaksOfHost('http://{host.name}/')).toBe(true);
    expect(speaksOfHost('http://host.url/{service}')).toBe(false);
  });

  it('does not read what it was given as a template again', () => {
    expect(render('{service}', { ...values, service: '{host.url}' })).toBe('{host.url}');
  });
});
