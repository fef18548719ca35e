import { readFile } from 'node:fs/promises';
import { podman, project } from './stack.mjs';

interface Inspected {
  Config: { Labels: Record<string, string>; Env: string[] };
  State: { Pid: number };
  HostConfig: { ReadonlyRootfs: boolean; Memory: number; PidsLimit: number; Privileged: boolean };
  NetworkSettings: { Ports: Record<string, { HostIp: string }[] | null> | null };
}

const page = await readFile('docs/reference/hardening.md', 'utf8');
const rows = [...page.matchAll(/^\| `([a-z0-9-]+)` \| (.+) \| (.+) \| (.+) \| (.+) \|$/gm)].map(
  ([, ...cells]) => cells,
);

/** What a process of Linux is told about: capabilities by their bits, in the order of capabilities(7). */
const capabilities = { 10: 'NET_BIND_SERVICE' } as Readonly<Record<number, string>>;

async function processOf({ State }: Inspected): Promise<Record<string, string>> {
  const status = await readFile(`/proc/${State.Pid}/status`, 'utf8');
  return Object.fromEntries([...status.matchAll(/^(\w+):\s+(.*)$/gm)].map(([, name, value]) => [name, value]));
}

function namesOf(mask = '0'): string {
  const bits = BigInt(`0x${mask}`);
  const held = Array.from({ length: 64 }, (_, bit) => bit).filter((bit) => (bits >> BigInt(bit)) & 1n);
  return held.map((bit) => capabilities[bit] ?? String(bit)).join(', ') || 'none';
}

function published({ NetworkSettings }: Inspected): string {
  const bound = Object.values(NetworkSettings.Ports ?? {}).flatMap((ports) => ports ?? []);
  return bound.length === 0 ? 'no' : 'yes';
}

describe('the running stack', () => {
  let containers: Inspected[];

  beforeAll(async () => {
    const names = await podman('ps', '--quiet', '--filter', `label=io.podman.compose.project=${project}`);
    containers = JSON.parse(await podman('inspect', ...names.split('\n'))) as Inspected[];
  });

  it('may do what the checklist says, and nothing more', async () => {
    const found = containers.map(async (container) => {
      const { Uid = '', CapBnd } = await processOf(container);
      return [
        container.Config.Labels['com.docker.compose.service'] ?? '',
        Uid.split(/\s+/)[0] === '0' ? 'root' : Uid.split(/\s+/)[0],
        namesOf(CapBnd),
        container.HostConfig.ReadonlyRootfs ? 'read-only' : 'writable',
        published(container),
      ];
    });
    expect((await Promise.all(found)).toSorted()).toEqual(rows.toSorted());
  });

  it('gains no privileges, is filtered, and has bounds', async () => {
    for (const container of containers) {
      const { NoNewPrivs, Seccomp } = await processOf(container);
      const { Memory, PidsLimit, Privileged } = container.HostConfig;
      const held = { NoNewPrivs, Seccomp, isBounded: Memory > 0 && PidsLimit > 0, Privileged };
      expect(held).toEqual({ NoNewPrivs: '1', Seccomp: '2', isBounded: true, Privileged: false });
    }
  });

  it('holds no secret in its environment', async () => {
    const named = await podman('secret', 'ls', '--format', '{{.Name}}', '--filter', `name=^${project}-`);
    const show = ['secret', 'inspect', '--showsecret', '--format', '{{json .SecretData}}'];
    const secrets = (await podman(...show, ...named.split('\n'))).split('\n').map((line) => JSON.parse(line) as string);
    const values = secrets.map((value) => value.trim()).filter((value) => value.length >= 12);
    expect(values.length).toBeGreaterThan(5);
    const leaks = containers.flatMap(({ Config }) =>
      Config.Env.filter((line) => values.some((one) => line.includes(one))),
    );
    expect(leaks.map((line) => line.split('=')[0])).toEqual([]);
  });
});
