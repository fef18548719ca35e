import { isJsonPointer, valueAt } from './json-pointer.model.js';

const document = { status: 'UP', checks: [{ name: 'db' }], 'a/b': 1, 'm~n': 2, '': 3, none: null };

describe('a JSON pointer', () => {
  it.each([
    ['/status', 'UP'],
    ['/checks/0/name', 'db'],
    ['/a~1b', 1],
    ['/m~0n', 2],
    ['/', 3],
    ['/none', null],
  ])('%s finds %j', (pointer, value) => {
    expect(valueAt(document, pointer)).toBe(value);
  });

  it.each(['/gone', '/checks/1/name', '/checks/length', '/checks/00', '/status/length', '/none/x', '/toString'])(
    '%s finds nothing',
    (pointer) => {
      expect(valueAt(document, pointer)).toBeUndefined();
    },
  );

  it('begins with a slash and escapes nothing but ~ and /', () => {
    expect(['/a', '/a~0b', '/', 'a', '', '/a~2'].map(isJsonPointer)).toEqual([true, true, true, false, false, false]);
  });
});
