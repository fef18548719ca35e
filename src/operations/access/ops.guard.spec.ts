import type { ExecutionContext } from '@nestjs/common';
import { Secrets } from '../config/secrets.js';
import type { Settings } from '../config/settings.js';
import { Problem } from '../problems/problem.js';
import { type AccessLevel, OpsAccess } from './access.js';
import { OpsGuard } from './ops.guard.js';
import { WriteLimit } from './write-limit.js';

const opsToken = 'a-token-for-operations';
const authorization = `Bearer ${opsToken}`;

interface GuardSettings {
  opsToken?: string;
  opsMaxAccess: 'none' | 'read' | 'write';
}

function aGuard({ opsToken: token, opsMaxAccess }: GuardSettings): OpsGuard {
  const secrets = new Secrets({ opsToken: token } as Settings);
  return new OpsGuard(new OpsAccess({ opsMaxAccess }, secrets), new WriteLimit());
}

function aCall(access: AccessLevel | undefined, headers: Record<string, string>): ExecutionContext {
  const request = { headers, routeOptions: { config: access && { access } } };
  return { switchToHttp: () => ({ getRequest: () => request }) } as unknown as ExecutionContext;
}

function refusal(access: AccessLevel, settings: GuardSettings, headers: Record<string, string> = {}, body = '') {
  try {
    aGuard(settings).canActivate(aCall(access, { ...headers, 'content-length': `${body.length}` }));
    return 'allowed';
  } catch (error) {
    if (error instanceof Problem) return error.getStatus();
    throw error;
  }
}

describe('the guard of the operations listener', () => {
  test('leaves probes, metrics and info open, whatever is configured', () => {
    expect(refusal('open', { opsMaxAccess: 'none' })).toBe('allowed');
    expect(refusal('open', { opsToken, opsMaxAccess: 'none' })).toBe('allowed');
  });

  test('hides what needs a token when there is none', () => {
    expect(refusal('read', { opsMaxAccess: 'write' }, { authorization })).toBe(404);
  });

  test.each([
    ['no token', {}],
    ['a wrong token', { authorization: 'Bearer a-token-for-operationz' }],
    ['a longer token', { authorization: `${authorization}s` }],
    ['another scheme', { authorization: `Basic ${opsToken}` }],
    ['an empty token', { authorization: 'Bearer ' }],
  ])('asks who it is with %s', (_, headers) => {
    expect(refusal('read', { opsToken, opsMaxAccess: 'write' }, headers)).toBe(401);
  });

  test.each([
    ['none', 'read', 403],
    ['none', 'write', 403],
    ['read', 'read', 'allowed'],
    ['read', 'write', 403],
    ['write', 'read', 'allowed'],
    ['write', 'write', 'allowed'],
  ] as const)('with OPS_MAX_ACCESS %s, %s is %s', (opsMaxAccess, access, expected) => {
    expect(refusal(access, { opsToken, opsMaxAccess }, { authorization })).toBe(expected);
  });

  test('lets no page in a browser write', () => {
    const headers = { authorization, origin: 'http://localhost:9464', 'content-type': 'application/json' };
    expect(refusal('write', { opsToken, opsMaxAccess: 'write' }, headers, '{}')).toBe(403);
  });

  test.each([
    ['application/json', 'allowed'],
    ['application/json; charset=utf-8', 'allowed'],
    ['application/merge-patch+json', 'allowed'],
    ['text/plain', 415],
    ['application/x-www-form-urlencoded', 415],
    ['', 415],
  ])('of a body of the type "%s" says %s', (type, expected) => {
    const headers = { authorization, 'content-type': type };
    expect(refusal('write', { opsToken, opsMaxAccess: 'write' }, headers, '{}')).toBe(expected);
  });

  test('takes ten writes a minute', () => {
    const limit = new WriteLimit();

    for (let count = 0; count < 10; count++) limit.count(0);
    expect(() => limit.count(59_999)).toThrow(
      expect.objectContaining({ status: 429, headers: { 'Retry-After': '60' } }) as Error,
    );
    expect(() => limit.count(60_000)).not.toThrow();
  });
});
