import { oidcIssuers } from './oidc-issuers.js';

const rule = { claims: { repository: 'acme/checkout' }, role: 'deployer' };
const issuer = { issuer: 'https://git.example.com', audience: 'plimsoll', rules: [rule] };

const faultOf = (value: unknown) =>
  oidcIssuers.safeParse(typeof value === 'string' ? value : JSON.stringify(value)).error?.issues[0]?.message;
const withRule = (changes: object) => [{ ...issuer, rules: [{ ...rule, ...changes }] }];

describe('the issuers of the settings', () => {
  it('are read with what is left out', () => {
    const whole = { ...issuer, maxAgeSeconds: 3600, rules: [{ ...rule, service: null }] };
    expect(oidcIssuers.parse(JSON.stringify([issuer]))).toEqual([whole]);
    expect(oidcIssuers.parse('[]')).toEqual([]);
  });

  it.each([
    ['are no JSON', '[{]', /JSON, a list of issuers/],
    ['are no list', issuer, /list of issuers/],
    [
      'have an issuer without TLS',
      [{ ...issuer, issuer: 'http://git.example.com' }],
      /0\.issuer: must be an https URL/,
    ],
    [
      'have an issuer with a query',
      [{ ...issuer, issuer: 'https://git.example.com?x' }],
      /0\.issuer: must be an https URL/,
    ],
    ['have no audience', [{ ...issuer, audience: undefined }], /0\.audience: /],
    ['have no rule', [{ ...issuer, rules: [] }], /0\.rules: must have a rule/],
    ['have a rule for everybody', withRule({ claims: {} }), /0\.rules\.0\.claims: must have a condition, or whoever/],
    ['have a condition that nothing can meet', withRule({ claims: { ref: [] } }), /0\.rules\.0\.claims\.ref: /],
    ['make an admin', withRule({ role: 'admin' }), /0\.rules\.0\.role: must be viewer, reporter, deployer or operator/],
    ['have what is not known', withRule({ scope: 'x' }), /0\.rules\.0: .*scope/],
    ['take tokens for more than a day', [{ ...issuer, maxAgeSeconds: 86_401 }], /0\.maxAgeSeconds: /],
    ['name an issuer twice', [issuer, issuer], /must name no issuer twice/],
  ])('are refused, with the place, where they %s', (_what, value, message) => {
    expect(faultOf(value)).toMatch(message);
  });

  it('may be asked without TLS on loopback', () => {
    expect(faultOf([{ ...issuer, issuer: 'http://127.0.0.1:8080/realm' }])).toBeUndefined();
  });
});
