import { fingerprintOf } from './fingerprint.js';

const failing = (message: string) => new TypeError(message);
const calling = (stack: string, rest: object = {}) =>
  fingerprintOf(Object.assign(new Error('of row 17'), { stack: `Error: of row 17\n${stack}`, ...rest }));
const withoutCalls = (message: string) => fingerprintOf(Object.assign(new Error(message), { stack: undefined }));

describe('the fingerprint of an error', () => {
  test('is that of its class and place, not of its message', () => {
    const [one, other] = ['id 1', 'id 2'].map(failing) as [Error, Error];
    expect(fingerprintOf(one)).toBe(fingerprintOf(other));
    expect(fingerprintOf(one)).not.toBe(fingerprintOf(new Error('id 1')));
  });

  test('does not change with files, lines, or what the bundler adds to a name', () => {
    expect(calling('    at async Store.save (file:///app/dist/chunk-AAAA.js:10:5)')).toBe(
      calling('    at async _Store2.save (file:///app/dist/chunk-BBBB.js:99:1)'),
    );
  });

  test('does not change with what Node calls on the way', () => {
    const place = '    at Store.save (file:///app/dist/main.js:10:5)';
    expect(calling(`    at node:internal/timers:5:1\n${place}`)).toBe(calling(place));
  });

  test('tells two places apart, and two codes from one place', () => {
    const place = '    at Store.save (file:///app/dist/main.js:10:5)';
    expect(calling(place)).not.toBe(calling(place.replace('save', 'load')));
    expect(calling(place, { code: '23505' })).not.toBe(calling(place, { code: '40001' }));
  });

  test('is that of its words where no call has a name', () => {
    expect(withoutCalls('row 17 of 01890a5d-ac96-774b-bcce-b302099a8057')).toBe(
      withoutCalls('row 4 of 019aaaaa-0000-774b-bcce-b302099a8057'),
    );
    expect(withoutCalls('row 17')).not.toBe(withoutCalls('column 17'));
  });
});
