import { OpsHosts } from './ops-hosts.js';

const onLoopback = new OpsHosts('127.0.0.1', ['app-1', 'Ops.Example.com']);
const everywhere = new OpsHosts('0.0.0.0', []);

describe('the Host that a request to the operations port names', () => {
  test.each(['localhost', 'LOCALHOST:9464', 'localhost.', '127.0.0.1:9464', '127.1.2.3', '[::1]:9464', 'app-1:9464'])(
    'may be loopback or a name that is allowed: %s',
    (host) => expect(onLoopback.allows(host)).toBe(true),
  );

  test.each(['ops.example.com', 'OPS.example.com.:80'])('is compared as names are: %s', (host) =>
    expect(onLoopback.allows(host)).toBe(true),
  );

  test.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '127.evil.example',
    'app-1.evil.example:9464',
    '10.0.0.5',
    '[fe80::1]',
    '',
    ':9464',
    'app-1@evil.example',
  ])('may be nothing else: %j', (host) => expect(onLoopback.allows(host)).toBe(false));

  test.each([
    ['10.0.0.5:9464', true],
    ['[fd00::5]:9464', true],
    ['evil.example', false],
    ['010.0.0.5.evil.example', false],
  ])('may be an address, but no name, where the port listens on every one: %s', (host, expected) =>
    expect(everywhere.allows(host)).toBe(expected),
  );

  test('may be the address that the port listens on', () => {
    expect(new OpsHosts('10.0.0.5', []).allows('10.0.0.5:9464')).toBe(true);
    expect(new OpsHosts('fd00::5', []).allows('[FD00::5]:9464')).toBe(true);
  });
});
