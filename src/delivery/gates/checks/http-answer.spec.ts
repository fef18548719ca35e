import { fieldsOf, shown } from './http-answer.js';

const read = fieldsOf({
  status: 200,
  durationMs: 1,
  ownDelayMs: 0,
  headers: { 'x-version': '1.4.2', 'set-cookie': ['a=1', 'b=2'] },
  body: Buffer.from('{"digest":"sha256:1"}'),
});

describe('the fields of an HTTP answer', () => {
  it('are what was answered', () => {
    const fields = ['status', 'header:X-Version', 'header:set-cookie', '/digest'];
    expect(fields.map(read)).toEqual([200, '1.4.2', 'a=1, b=2', 'sha256:1']);
  });

  it.each(['header:constructor', 'header:__proto__', 'header:hasOwnProperty', '/constructor', '/digest/length'])(
    'are never what every object has: %s',
    (field) => {
      expect([read(field), shown(field, read(field))]).toEqual([undefined, 'absent']);
    },
  );
});
