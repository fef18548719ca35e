import * as fc from 'fast-check';
import { cutAlerts } from './cut-alerts.js';

/** The texts of the alerts, and the rest. */
function cut(text: string): { alerts: string[]; rest: string } {
  const alerts: string[] = [];
  const texts = cutAlerts(Buffer.from(text));
  let next = texts.next();
  for (; !next.done; next = texts.next()) alerts.push(next.value.toString());
  return { alerts, rest: next.value.toString() };
}

const anything = fc.jsonValue({ stringUnit: 'binary' });
const members = fc.dictionary(fc.string({ unit: 'binary' }), anything);

describe('cutAlerts', () => {
  it('gives each alert of any payload, and the rest with an empty list', () => {
    const space = fc.constantFrom(undefined, 1, '\t', '\n  ');
    fc.assert(
      fc.property(members, fc.array(anything), members, space, (before, alerts, after, indent) => {
        const payload = { ...before, alerts, ...after };
        fc.pre(Array.isArray(payload['alerts']));
        const parts = cut(JSON.stringify(payload, null, indent));
        expect(parts.alerts.map((text) => JSON.parse(text) as unknown)).toEqual(
          JSON.parse(JSON.stringify(payload['alerts'])),
        );
        expect(JSON.parse(parts.rest)).toEqual(JSON.parse(JSON.stringify({ ...payload, alerts: [] })));
      }),
    );
  });

  it('leaves no byte out, so that what is no JSON stays none', () => {
    const payload = JSON.stringify({ version: '4', alerts: [{ a: [1, '}]'] }, { b: '"' }], more: { alerts: [2] } });
    fc.assert(
      fc.property(fc.nat(payload.length - 1), fc.constantFrom('', '"', '[', ']', '{', '}', ',', '\\'), (at, put) => {
        const text = payload.slice(0, at) + put + payload.slice(at + 1);
        const { alerts, rest } = cut(text);
        expect([...alerts, rest].every(isJson) && !isJson(text)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
