import * as fc from 'fast-check';
import type { DomainError } from '../problems/domain-error.js';
import { parseJsonBody } from './json-body.js';

const parse = (text: string): unknown => parseJsonBody(Buffer.from(text));

const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

/** Values whose text PostgreSQL can store, without the one name that is refused. */
const value = fc.jsonValue({ stringUnit: 'binary' }).filter((each) => !/\\u0000|__proto__/.test(JSON.stringify(each)));

function refusalOf(text: string): DomainError {
  try {
    parse(text);
  } catch (error) {
    return error as DomainError;
  }
  throw new Error('it was accepted');
}

describe('parseJsonBody', () => {
  it('reads what JSON.parse reads, however it is spaced', () => {
    fc.assert(
      fc.property(value, fc.constantFrom(0, 1, '\t', '\r\n '), (expected, space) => {
        expect(parse(JSON.stringify(expected, null, space))).toEqual(JSON.parse(JSON.stringify(expected)));
      }),
    );
  });

  it('finds a name that is given twice wherever it lies', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), value, fc.nat(8), (name, between, depth) => {
        fc.pre(!/\\u0000|__proto__/.test(JSON.stringify(name)));
        const key = JSON.stringify(name);
        const twice = `{${key}:${JSON.stringify(between)},"${'x'.repeat(99)}":1,${key}:2}`;
        expect(() => parse('['.repeat(depth) + twice + ']'.repeat(depth))).toThrow('is given twice');
      }),
    );
  });

  it('takes 64 levels of nesting and not one more', () => {
    expect(() => parse(nested(64))).not.toThrow();
    expect(() => parse(nested(65))).toThrow('nested deeper than 64 levels');
  });

  it('takes no body for undefined, and null for null', () => {
    expect([parse(''), parse('null')]).toEqual([undefined, null]);
  });

  it('points to text that cannot be stored', () => {
    expect(() => parse(String.raw`{"a":[{"b/c":"x\u0000"}]}`)).toThrow('/a/0/b~1c: holds U+0000');
    expect(() => parse(String.raw`{"a\u0000":1}`)).toThrow('A name holds U+0000');
    expect(parse(String.raw`{"a":"\\u0000 \ud83d\ude00"}`)).toEqual({ a: String.raw`\u0000 😀` });
  });

  it.each(['~', '/', 'a', '😀'])('lists 50 errors and no long pointer, however many and long there are: %s', (name) => {
    const texts = `["\\u0000"${',"\\u0000"'.repeat(2270)}]`;
    const refusal = refusalOf(`{"x":{"${name.repeat(20_480)}":${texts}}}`);
    const errors = refusal.extras['errors'] as { pointer: string }[];
    expect(errors).toHaveLength(50);
    expect(errors.every(({ pointer }) => pointer.length <= 200 && pointer.isWellFormed())).toBe(true);
    expect(JSON.stringify(refusal.extras).length + refusal.detail.length).toBeLessThan(40_000);
  });

  it('quotes no more than a little of what is wrong', () => {
    const name = JSON.stringify('x'.repeat(100_000));
    expect(refusalOf(`{${name}:1,${name}:2}`).detail).toHaveLength(2000);
  });
});
