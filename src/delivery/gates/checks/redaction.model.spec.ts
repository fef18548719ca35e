import { namesASecret, redacted } from './redaction.model.js';

describe('redaction', () => {
  it.each([
    ['authorization: Bearer abc.def-123', /abc\.def/],
    ['{"password":"hunter2","status":"DOWN"}', /hunter2/],
    ['{"db_password": "hun\\"ter2", "x": 1}', /ter2/],
    ['{"apiKey":12345}', /12345/],
    ['{"accessToken":"cut off in the mid', /cut off/],
    ['url=https://user:hunter2@db.internal/x', /hunter2/],
    ['DB_PASSWORD=hunter2;next', /hunter2/],
    ['token plm_0123456789abcdefghij', /0123456789/],
    ['eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXJl', /c2lnbmF0/],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----', /MIIB/],
  ])('hides the secret in %s', (text, secret) => {
    expect(redacted(text)).not.toMatch(secret);
  });

  it('keeps the rest', () => {
    expect(redacted('{"password":"hunter2","status":"DOWN"}')).toBe('{"password":"[redacted]","status":"DOWN"}');
    expect(redacted('status 503, expected eq 200')).toBe('status 503, expected eq 200');
  });

  it('reads no more than the beginning of a text', () => {
    const text = 'a'.repeat(65_000);
    expect(redacted(text)).toBe(text.slice(0, 4096));
  });

  it('hides a secret that is cut off where it stops reading', () => {
    expect(redacted(`${'-'.repeat(4080)} password=hunter2`)).not.toMatch(/hun/);
  });

  it('knows names that hold secrets', () => {
    expect(['set-cookie', 'Authorization', 'x-api-key', 'dbPassword'].every(namesASecret)).toBe(true);
    expect(['status', 'x-request-id', 'imageDigest'].some(namesASecret)).toBe(false);
  });
});
