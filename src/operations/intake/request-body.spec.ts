import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { BytesInFlight, Share } from './bytes-in-flight.js';
import { hasBody, readBody } from './request-body.js';

const KIB = 1024;

function aRequest(headers: Record<string, string> = {}) {
  const stream = new Readable({ read: () => undefined });
  return Object.assign(stream, { headers }) as unknown as IncomingMessage & Readable;
}

function reading(headers: Record<string, string> = {}, { most = 64 * KIB, budget = 1024 * KIB } = {}) {
  const request = aRequest(headers);
  const bytes = new BytesInFlight(budget);
  return { request, bytes, body: readBody(request, most, new Share(bytes)) };
}

/** Until the stream has handed on what was pushed. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('the body of a request', () => {
  test('is what was sent, in whatever pieces', async () => {
    const { request, body } = reading();
    const sent = Buffer.from('Zürich, '.repeat(5000));
    for (let at = 0; at < sent.length; at += 7) request.push(sent.subarray(at, at + 7));
    request.push(null);
    expect(await body).toEqual(sent);
  });

  test('costs nothing by the length that it only announces', async () => {
    const { bytes } = reading({ 'content-length': String(60 * KIB) });
    await turn();
    expect(bytes.held).toBe(0);
  });

  test('costs twice its length at most, even byte by byte', async () => {
    const { request, bytes } = reading();
    for (let n = 0; n < 10 * KIB; n += 1) request.push(Buffer.alloc(1));
    await turn();
    expect(bytes.held).toBeLessThanOrEqual(20 * KIB);
  });

  test.each([
    ['announced', { 'content-length': String(64 * KIB + 1) }],
    ['sent', {}],
  ])('is too large as soon as too much is %s', async (_how, headers) => {
    const { request, bytes, body } = reading(headers);
    for (let n = 0; n < 65; n += 1) request.push(Buffer.alloc(KIB));
    expect(await body).toBe('too-large');
    expect(bytes.held).toBeLessThanOrEqual(64 * KIB);
  });

  test('is refused where the budget is used up, and the others keep what they have', async () => {
    const { request, bytes, body } = reading({}, { budget: 8 * KIB });
    request.push(Buffer.alloc(5 * KIB));
    expect(await body).toBe('overloaded');
    expect(bytes.held).toBe(0);
  });

  test('is aborted when its sender goes away', async () => {
    const { request, body } = reading();
    request.push('{');
    request.destroy();
    expect(await body).toBe('aborted');
  });

  test.each([
    [{}, false],
    [{ 'content-length': '0' }, false],
    [{ 'content-length': '1' }, true],
    [{ 'transfer-encoding': 'chunked' }, true],
  ])('follows a head with %j: %s', (headers, expected) => {
    expect(hasBody({ headers })).toBe(expected);
  });
});

describe('a share of the budget', () => {
  test('is given back as a whole, once', () => {
    const bytes = new BytesInFlight(10);
    const share = new Share(bytes);
    expect([share.take(6), share.take(5), share.take(4)]).toEqual([true, false, true]);
    share.giveBackAll();
    share.giveBackAll();
    expect(bytes.held).toBe(0);
  });
});
