import { FileFaults } from './file-faults.js';
import { parsePlimsollFile } from './read-plimsoll-file.js';

const whole = `service: checkout
image: registry.example.com/acme/checkout
port: 8080
environment: { LOG_LEVEL: info, WORKERS: 4 }
secrets: [database-url, { name: key, variable: KEY }]
health: { path: /healthz }
proxy: { site: checkout.example.com }
environments:
  staging: {}
  production:
    hosts:
      - { name: a, url: http://10.0.0.5:8080, podman: ssh://deploy@10.0.0.5 }
      - { name: b, url: http://10.0.0.6:8080 }
    environment: { LOG_LEVEL: warn }
    health: { withinSeconds: 120 }
    batches: 25%
    gate:
      checks:
        - name: ready
          type: http
          url: "{host.url}/healthz"
          expect: [{ field: status, op: eq, value: 200 }]
`;

function faultsOf(text: string): string[] {
  try {
    parsePlimsollFile(text);
    return [];
  } catch (error) {
    if (!(error instanceof FileFaults)) throw error;
    return error.message.split('\n');
  }
}

describe('plimsoll.yml', () => {
  it('gives an environment what is at the top, what it says itself, and the defaults', () => {
    expect(parsePlimsollFile(whole).slot('production')).toMatchObject({
      service: 'checkout',
      slug: 'production',
      port: 8080,
      replicas: 1,
      batches: '25%',
      environment: { LOG_LEVEL: 'warn', WORKERS: '4' },
      secrets: [{ name: 'database-url' }, { name: 'key', variable: 'KEY' }],
      health: { path: '/healthz', withinSeconds: 120, timeoutSeconds: 2 },
      hosts: [{ podman: 'ssh://deploy@10.0.0.5' }, { podman: 'unix:///run/podman/podman.sock' }],
    });
  });

  it('has for an environment that is not in it the names of those that are', () => {
    const file = parsePlimsollFile(whole);
    expect(() => file.slot('prod')).toThrow(
      'plimsoll.yml:8:1: environments has no environment "prod"; there are: staging, production',
    );
  });

  it('says where an environment lacks what the top does not say either', () => {
    const file = parsePlimsollFile(whole.replace('proxy: { site: checkout.example.com }\n', ''));
    expect(() => file.slot('production')).toThrow('plimsoll.yml:9:3: environments.production.proxy is required');
  });

  it.each([
    ['a misspelt key', 'port: 8080', 'prot: 8080', '3:1: prot is not known; did you mean "port"?'],
    ['a key of elsewhere', 'port: 8080', 'hosts: []', '3:1: hosts is not known here; there are: service, image, '],
    ['what is missing', 'image: registry.example.com/acme/checkout\n', '', '1:1: image is required'],
    ['a value of another kind', 'port: 8080', 'port: web', '3:7: port must be a number'],
    ['a value out of bounds', 'port: 8080', 'port: 0', '3:7: port must be a port, 1 to 65535'],
    ['an image with a tag', 'acme/checkout', 'acme/checkout:1', '2:8: image must be registry/name without a tag'],
    [
      'a place in a list',
      'http://10.0.0.6:8080',
      'ftp://b',
      '13:25: environments.production.hosts[1].url must be an http',
    ],
    [
      'what is missing in a list',
      ', url: http://10.0.0.6:8080',
      '',
      '13:9: environments.production.hosts[1].url is required',
    ],
    [
      'two hosts of a name',
      'name: b',
      'name: a',
      '13:17: environments.production.hosts[1].name must be the name of one',
    ],
    ['a slug', 'staging: {}', 'Staging: {}', '9:3: environments.Staging must begin with a lower-case letter'],
    ['one of several forms', 'variable: KEY', 'variable: 1', '5:48: secrets[1].variable must be a text'],
    [
      'none of several forms',
      'batches: 25%',
      'batches: 250%',
      '16:14: environments.production.batches must be a number of',
    ],
    ['a gate', 'op: eq', 'op: is', '22:41: environments.production.gate.checks[0].expect[0].op must be "eq" or "ne"'],
    [
      'a type of check',
      'type: http',
      'type: tcp',
      '20:17: environments.production.gate.checks[0].type must be "http" or "p',
    ],
    ['YAML itself', 'port: 8080', 'port: [', '4:1: Flow sequence in block collection must be'],
    ['a key that is there twice', 'port: 8080', 'service: other', '3:1: Map keys must be unique'],
  ])('tells line, column and the mend of %s', (_what, right, wrong, said) => {
    expect(faultsOf(whole.replace(right, wrong))).toContainEqual(expect.stringContaining(`plimsoll.yml:${said}`));
  });

  it('tells all faults at once, and no more than 50', () => {
    expect(faultsOf('port: 0\nreplicas: many\n')).toHaveLength(5);
    const many = Array.from({ length: 200 }, (_, i) => `key${i}: 1`).join('\n');
    expect(faultsOf(many)).toHaveLength(50);
  });

  it.each(['', '- a list', 'a text', '? [a]\n: b'])('refuses what is no mapping of settings: %j', (text) => {
    expect(faultsOf(text)).not.toEqual([]);
  });

  it('refuses aliases that multiply', () => {
    const lines = Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}, *a${i}]`);
    expect(faultsOf(['a0: &a0 [x]', ...lines].join('\n'))).toEqual([expect.stringContaining('Excessive alias count')]);
  });
});
