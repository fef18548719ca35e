import * as fc from 'fast-check';
import { PLACEHOLDERS, type TemplateValues } from '../plan/template.model.js';
import { queryTemplate } from './promql-template.model.js';

const values = (overrides: Partial<TemplateValues> = {}): TemplateValues => ({
  ...(Object.fromEntries(PLACEHOLDERS.map((name) => [name, name])) as TemplateValues),
  ...overrides,
});

function rendered(template: string, version: string): string {
  const compiled = queryTemplate(template);
  if (compiled.fault !== null) throw new Error(compiled.fault);
  return compiled.render(values({ 'release.version': version }));
}

const faultOf = (template: string) => queryTemplate(template).fault;

describe('a template of a query', () => {
  it.each([
    ['up{version="{release.version}"}', '1.4.2', 'up{version="1.4.2"}'],
    [`up{version='{release.version}'}`, `it's`, String.raw`up{version='it\'s'}`],
    ['up{version!="{release.version}"}', '"} or up{a="', String.raw`up{version!="\"} or up{a=\""}`],
    ['up{version="{release.version}"}', String.raw`\"`, String.raw`up{version="\\\""}`],
    [
      'up{version="a\nb{release.version}"}'.replace('\n', String.raw`\n`),
      'x\ny',
      String.raw`up{version="a\nbx\u000ay"}`,
    ],
    ['up{version=~"{release.version}.*"}', '1.4.2+b', String.raw`up{version=~"1\\.4\\.2\\+b.*"}`],
    [
      'up{version=~"a{2}[[:alpha:]]{release.version}"}',
      '.*|.+',
      String.raw`up{version=~"a{2}[[:alpha:]]\\.\\*\\|\\.\\+"}`,
    ],
    ['up{version !~ "(?i:x)({release.version})"}', '"', String.raw`up{version !~ "(?i:x)(\")"}`],
    [String.raw`up{path=~"\\[{release.version}\\]"}`, 'v', String.raw`up{path=~"\\[v\\]"}`],
    ['up{"quoted name"="{release.version}"} # it"s', 'v', 'up{"quoted name"="v"} # it"s'],
  ])('%s, with %j, is %s', (template, version, expected) => {
    expect(rendered(template, version)).toBe(expected);
  });

  it('holds what it was given, and nothing that looks like a placeholder in a value is replaced', () => {
    const compiled = queryTemplate('up{a="{release.version}",b="{service}",c="{host.name}"}');
    if (compiled.fault !== null) throw new Error(compiled.fault);
    expect(compiled.render(values({ 'release.version': '{service}', service: 'checkout', 'host.name': 'a' }))).toBe(
      'up{a="{service}",b="checkout",c="a"}',
    );
  });

  it.each([
    ['outside of a string', 'rate(x[{service}])', 'outside'],
    ['in the place of a metric', 'up{service}', 'outside'],
    ['in a comment', 'up # {release.version}', 'outside'],
    ['between backticks', 'up{a=`{release.version}`}', 'backticks'],
    ['in the argument of a function', 'label_replace(up, "a", "{service}", "", "")', 'no value of a label matcher'],
    ['in the regular expression of a function', 'label_replace(up, "a", "b", "c", "{service}")', 'no value'],
    ['after a comparison', 'up == "{service}"', 'no value'],
    ['after half an escape', String.raw`up{a="\{release.version}"}`, 'escape'],
    ['after half of a longer escape', String.raw`up{a="\x4{release.version}"}`, 'escape'],
    ['after an escape that means no character', String.raw`up{a="\UFFFFFFFF{release.version}"}`, 'escape'],
    ['after half an escape of the regular expression', String.raw`up{a=~"\\{release.version}"}`, 'within'],
    ['in a class', 'up{a=~"[{release.version}]"}', 'within'],
    ['in a class that begins with its end', 'up{a=~"[^]{release.version}]"}', 'within'],
    ['in a class that is written as an escape', String.raw`up{a=~"\x5b{release.version}]"}`, 'within'],
    ['in a repetition', 'up{a=~"a{{release.version}}"}', 'within'],
    ['in the name of a class', String.raw`up{a=~"\\p{{release.version}}"}`, 'within'],
    ['in a literal part', String.raw`up{a=~"\\Q{release.version}\\E"}`, 'within'],
    ['in the flags of a group', 'up{a=~"(?{release.version})"}', 'within'],
    ['that is not known', 'up{a="{release.name}"}', 'stands for nothing'],
    ['of a URL', 'up{a="{host.url}"}', '{host.name}'],
  ])('with a placeholder %s is refused', (_where, template, words) => {
    expect(faultOf(template)).toContain(words);
  });

  it.each(['up{a="b}', "up{a='b\n'}", 'up{a=`b}', String.raw`up{a="\"}`])('%j is refused', (template) => {
    expect(faultOf(template)).toBe('has a quote that is not closed');
  });

  it('means the value itself, whatever the value is', () => {
    const matcher = /^up\{a="((?:[^"\\\n]|\\[\s\S])*)"\}$/;
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (version) => {
        const [, quoted = ''] = matcher.exec(rendered('up{a="{release.version}"}', version)) ?? [];
        // What is escaped in a string is escaped in JSON in the same way.
        expect(JSON.parse(`"${quoted}"`)).toBe(version);
      }),
    );
  });

  it('matches the value alone in a regular expression, whatever the value is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (version, other) => {
        const query = rendered('up{a=~"{release.version}"}', version);
        const regex = new RegExp(`^(?:${JSON.parse(query.slice('up{a=~'.length, -1))})$`);
        expect(regex.test(version)).toBe(true);
        expect(regex.test(other)).toBe(other === version);
      }),
    );
  });
});
