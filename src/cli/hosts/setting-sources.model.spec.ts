import { differing, setByImage, setElsewhere, type SettingSources, variablesOf } from './setting-sources.model.js';

function sources(more: Partial<SettingSources> = {}): SettingSources {
  const image = { PATH: '/bin', LOG_FORMAT: 'json' };
  const declared = { LEVEL: 'info' };
  return { image, declared, secrets: ['KEY'], container: { ...image, ...declared }, ...more };
}

describe('a setting of a container', () => {
  it.each<[string, Record<string, string>, string[]]>([
    ['what plimsoll.yml and the image say', {}, []],
    ['what Podman sets in every container', { HOSTNAME: 'c0ffee', container: 'podman', PATH: '/usr/bin' }, []],
    ['a secret', { KEY: 'hidden' }, []],
    ['another value than the image has', { LOG_FORMAT: 'pretty' }, ['LOG_FORMAT']],
    ['another value than plimsoll.yml has', { LEVEL: 'debug' }, ['LEVEL']],
    ['what nobody declares', { EXTRA: '1' }, ['EXTRA']],
  ])('is set elsewhere where it is neither of plimsoll.yml nor of the image: %s', (_what, more, told) => {
    const { container } = sources();
    expect(setElsewhere(sources({ container: { ...container, ...more } }))).toEqual(told);
  });

  it('is set by the image where that has another value than config, and plimsoll.yml none', () => {
    const config = { LOG_FORMAT: 'pretty', LEVEL: 'warn', OTHER: '1' };
    expect(setByImage(config, sources())).toEqual(['LOG_FORMAT']);
    expect(setByImage({ LOG_FORMAT: 'json' }, sources())).toEqual([]);
    expect(setByImage(config, sources({ declared: { LOG_FORMAT: 'json' } }))).toEqual([]);
  });
});

it('variables are read as Podman tells them', () => {
  expect(variablesOf(['A=1', 'B=x=y', 'C='])).toEqual({ A: '1', B: 'x=y', C: '' });
});

it('files differ in what one has not, too', () => {
  expect(differing({ A: '1', B: '1', C: '1' }, { A: '1', B: '2', D: '1' })).toEqual(['B', 'C', 'D']);
});
