import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import { root } from './planted-tree.js';

interface Manifest {
  kind: string;
  metadata: { name: string };
  // oxlint-disable-next-line typescript/no-explicit-any -- a test plants faults anywhere
  spec?: any;
}

// The schemas of Kubernetes are read once, which takes long on a busy machine.
jest.setTimeout(300_000);

// By path: ops has a TypeScript configuration of its own.
const { schemaFaults } = (await import(join(root, 'ops/checks/kubernetes-schemas.ts'))) as {
  schemaFaults(manifests: readonly Manifest[]): Promise<string[]>;
};
const { clusterFaults } = (await import(join(root, 'ops/checks/kubernetes-rules.ts'))) as {
  clusterFaults(manifests: readonly Manifest[]): string[];
};

const folder = join(root, 'ops/kubernetes');
const names = (await readdir(join(folder, 'base'))).filter((name) => name !== 'kustomization.yml');
const texts = await Promise.all(names.map((name) => readFile(join(folder, 'base', name), 'utf8')));
/** The base as it is before it is built, so that no kubectl is needed. */
const base = () => texts.flatMap((text) => parseAllDocuments(text).map((document) => document.toJS() as Manifest));

/** The base with something done to the manifest of a kind. */
function planted(kind: string, plant: (manifest: Manifest) => void): Manifest[] {
  const manifests = base();
  plant(manifests.find((manifest) => manifest.kind === kind)!);
  return manifests;
}

const podOf = (manifest: Manifest) => manifest.spec.template.spec;

describe('the check of Kubernetes', () => {
  it('finds nothing in ours', async () => {
    expect(clusterFaults(base())).toEqual([]);
    expect(await schemaFaults(base())).toEqual([]);
  });

  // All at once: each call compiles.
  it('reports what the schemas have not, and what they have otherwise', async () => {
    const faults: [string, (manifest: Manifest) => void, RegExp][] = [
      ['Deployment', (it) => (podOf(it).containers[0].livenesProbe = {}), /livenesProbe/],
      ['Deployment', (it) => (it.spec.containers = []), /containers/],
      ['Deployment', (it) => (podOf(it).containers[0].ports[0].containerPort = '80'), /must be integer/],
      ['Deployment', (it) => (it.spec.strategy.rollingUpdate = 3), /must be object/],
      ['Job', (it) => (it.kind = 'Jobb'), /there is no Jobb in batch\/v1/],
      ['PrometheusRule', (it) => delete it.spec.groups[0].rules[0].expr, /expr/],
      ['ServiceMonitor', (it) => (it.spec.endpoints[0].intervall = '1s'), /intervall/],
    ];
    const manifests = faults.map(([kind, plant], n) => {
      const manifest = planted(kind, plant).find((each) => each.kind.startsWith(kind))!;
      return { ...manifest, metadata: { ...manifest.metadata, name: `planted-${n}` } };
    });
    const found = await schemaFaults(manifests);
    for (const [n, [, , fault]] of faults.entries()) {
      expect(found.filter((text) => text.includes(`planted-${n}:`)).join()).toMatch(fault);
    }
  });

  it.each<[string, string, (manifest: Manifest) => void, RegExp]>([
    ['a root', 'Deployment', (it) => (podOf(it).securityContext.runAsNonRoot = false), /runs as root/],
    ['a root that can be written', 'Job', (it) => delete podOf(it).containers[0].securityContext, /can write its root/],
    [
      'a capability',
      'Job',
      (it) => (podOf(it).containers[0].securityContext.capabilities.drop = []),
      /has capabilities/,
    ],
    ['memory without an end', 'Job', (it) => delete podOf(it).containers[0].resources.limits, /no limit of memory/],
    ['a token', 'Deployment', (it) => delete podOf(it).automountServiceAccountToken, /token of the cluster/],
    ['too short a drain', 'Deployment', (it) => (podOf(it).terminationGracePeriodSeconds = 30), /40 s to drain/],
    [
      'no probe',
      'Deployment',
      (it) => delete podOf(it).containers[0].livenessProbe,
      /livenessProbe does not ask \/livez/,
    ],
    [
      'a probe of the wrong path',
      'Deployment',
      (it) => (podOf(it).containers[0].readinessProbe.httpGet.path = '/livez'),
      /readinessProbe/,
    ],
    [
      'a port that no pod has',
      'Service',
      (it) => (it.spec.ports[0].targetPort = 'https'),
      /no pod has the port of http/,
    ],
    ['a budget for nobody', 'PodDisruptionBudget', (it) => (it.spec.selector.matchLabels.app = 'x'), /selects no pod/],
    ['a policy for nobody', 'NetworkPolicy', (it) => (it.spec.podSelector.matchLabels.app = 'x'), /selects no pod/],
    [
      'a scaler of nothing',
      'HorizontalPodAutoscaler',
      (it) => (it.spec.scaleTargetRef.name = 'x'),
      /there is no Deployment x/,
    ],
    ['a monitor of nothing', 'ServiceMonitor', (it) => (it.spec.endpoints[0].port = 'http'), /no Service has http/],
  ])('reports %s', (_what, kind, plant, fault) => {
    expect(clusterFaults(planted(kind, plant))).toContainEqual(expect.stringMatching(fault));
  });
});

describe('the pod that podman kube play runs', () => {
  // Its probes are commands, since Podman turns httpGet into a call of curl; and its image is built here.
  it('is that of the Deployment in everything else that hardens and ends it', async () => {
    const { spec: played } = parse(await readFile(join(folder, 'plimsoll.yml'), 'utf8')) as Manifest;
    const pod = podOf(base().find(({ kind }) => kind === 'Deployment')!);
    const [there, here] = [pod.containers[0], played.containers[0]];
    expect(played.terminationGracePeriodSeconds).toBe(pod.terminationGracePeriodSeconds);
    expect(played.enableServiceLinks).toBe(pod.enableServiceLinks);
    expect({ ...pod.securityContext, ...there.securityContext }).toMatchObject(here.securityContext);
    expect(here.ports).toEqual(there.ports);
    expect(here.volumeMounts).toEqual(there.volumeMounts);
    expect(here.resources.limits).toEqual(there.resources.limits);
    for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe']) {
      expect(here[probe].exec.command.at(-1)).toBe(there[probe].httpGet.path);
    }
  });
});
