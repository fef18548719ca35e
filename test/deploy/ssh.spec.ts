import { PodmanClient } from '../../src/cli/podman/podman-client.js';
import { SshTunnel } from '../../src/cli/podman/ssh-tunnel.js';
import { eventually } from '../support/eventually.js';
import { Sshd } from './an-sshd.js';
import { Lab } from './lab.js';

let lab: Lab;
let sshd: Sshd;

beforeAll(async () => {
  lab = await Lab.open(['a']);
  sshd = await Sshd.start(lab.folder);
});

afterAll(async () => {
  sshd.stop();
  await lab.close();
});

const ping = async (tunnel: SshTunnel): Promise<string> =>
  (await new PodmanClient(() => tunnel.socket()).bytes('GET', '/_ping')).toString();

describe("a host's Podman behind SSH", () => {
  it('answers through the name that it has in the configuration of ssh', async () => {
    await using tunnel = new SshTunnel('deploy-target', lab.hosts[0]?.socketPath ?? '', await sshd.client(true));
    expect(await ping(tunnel)).toBe('OK');
  });

  it('is asked nothing where its host key is not known', async () => {
    await using tunnel = new SshTunnel('deploy-target', lab.hosts[0]?.socketPath ?? '', await sshd.client(false));
    await expect(ping(tunnel)).rejects.toThrow(/ssh to deploy-target failed: .*(key is known|verification failed)/s);
  });

  it('answers again after the tunnel broke', async () => {
    await using tunnel = new SshTunnel('deploy-target', lab.hosts[0]?.socketPath ?? '', await sshd.client(true));
    await ping(tunnel);
    process.kill(tunnel.pid ?? 0);
    await eventually(() => expect(tunnel.pid).toBeNull());
    expect(await ping(tunnel)).toBe('OK');
  });
});
