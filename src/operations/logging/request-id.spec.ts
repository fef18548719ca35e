import { requestIdOf } from './request-id.js';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const uuid = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/;

describe('the id of a request', () => {
  test('is the trace id of traceparent, which goes before X-Request-Id', () => {
    const headers = { traceparent: `00-${traceId}-00f067aa0ba902b7-01`, 'x-request-id': 'mine' };

    expect(requestIdOf(headers)).toBe(traceId);
  });

  test('is X-Request-Id as it was given', () => {
    expect(requestIdOf({ 'x-request-id': 'gh/77:a+b=c@d_e.f-G' })).toBe('gh/77:a+b=c@d_e.f-G');
  });

  test.each([
    ['nothing', {}],
    ['a traceparent of zeros', { traceparent: `00-${'0'.repeat(32)}-00f067aa0ba902b7-01` }],
    ['a broken traceparent', { traceparent: `00-${traceId}` }],
    ['an id with a line break', { 'x-request-id': 'a\nb' }],
    ['an id with quotes', { 'x-request-id': '"}' }],
    ['an id that is too long', { 'x-request-id': 'a'.repeat(129) }],
    ['an empty id', { 'x-request-id': '' }],
    ['two ids', { 'x-request-id': ['a', 'b'] as unknown as string }],
  ])('is a new one for %s', (_, headers) => {
    expect(requestIdOf(headers)).toMatch(uuid);
  });
});
