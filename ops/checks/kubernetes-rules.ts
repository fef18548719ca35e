type Labels = Readonly<Record<string, string>>;

interface Container {
  readonly name: string;
  readonly securityContext?: Readonly<Record<string, unknown>>;
  readonly resources?: { readonly requests?: Labels; readonly limits?: Labels };
  readonly ports?: readonly { readonly name?: string }[];
  readonly [probe: `${string}Probe`]: { readonly httpGet?: { readonly path?: string } } | undefined;
}

interface PodSpec {
  readonly containers: readonly Container[];
  readonly securityContext?: { readonly runAsNonRoot?: boolean; readonly seccompProfile?: { readonly type?: string } };
  readonly automountServiceAccountToken?: boolean;
  readonly enableServiceLinks?: boolean;
  readonly terminationGracePeriodSeconds?: number;
}

/** Of a manifest, what the rules here read. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Labels };
  readonly data?: Labels;
  readonly spec?: {
    readonly selector?: Labels & { readonly matchLabels?: Labels };
    readonly podSelector?: { readonly matchLabels?: Labels };
    readonly scaleTargetRef?: { readonly kind: string; readonly name: string };
    readonly endpoints?: readonly { readonly port: string }[];
    readonly ports?: readonly { readonly name: string; readonly targetPort?: string }[];
    readonly template?: { readonly metadata?: { readonly labels?: Labels }; readonly spec: PodSpec };
  };
}

const probes = { startupProbe: '/startupz', livenessProbe: '/livez', readinessProbe: '/readyz' } as const;

/** What no schema knows: how hard a pod is, and whether the manifests name each other. */
export function clusterFaults(manifests: readonly Manifest[]): string[] {
  return manifests.flatMap((manifest) =>
    [...podFaults(manifest), ...serverFaults(manifest), ...referenceFaults(manifest, manifests)].map(
      (fault) => `${manifest.kind} ${manifest.metadata.name}: ${fault}`,
    ),
  );
}

function podFaults({ spec }: Manifest): string[] {
  const pod = spec?.template?.spec;
  if (pod === undefined) return [];
  const wanted = {
    'runs as root': pod.securityContext?.runAsNonRoot === true,
    'has no seccomp profile': pod.securityContext?.seccompProfile?.type === 'RuntimeDefault',
    'is given a token of the cluster': pod.automountServiceAccountToken === false,
    'is given variables of Services': pod.enableServiceLinks === false,
  };
  return [...unmet(wanted), ...pod.containers.flatMap(containerFaults)];
}

function containerFaults({ name, securityContext = {}, resources = {} }: Container): string[] {
  const { drop } = (securityContext['capabilities'] ?? {}) as { drop?: string[] };
  const wanted = {
    'can write its root': securityContext['readOnlyRootFilesystem'] === true,
    'may get new privileges': securityContext['allowPrivilegeEscalation'] === false,
    'has capabilities': drop?.join() === 'ALL',
    'has no limit of memory': resources.limits?.['memory'] !== undefined,
    'asks for no processor and memory': resources.requests?.['cpu'] !== undefined && 'memory' in resources.requests,
  };
  return unmet(wanted).map((fault) => `container ${name} ${fault}`);
}

const unmet = (wanted: Readonly<Record<string, boolean>>) => Object.keys(wanted).filter((fault) => !wanted[fault]);

function serverFaults({ kind, spec }: Manifest): string[] {
  const pod = spec?.template?.spec;
  if (kind !== 'Deployment' || pod === undefined) return [];
  const [server] = pod.containers;
  return [
    ...(pod.terminationGracePeriodSeconds === 40 ? [] : ['has not 40 s to drain']),
    ...Object.entries(probes)
      .filter(([probe, path]) => server?.[probe as keyof typeof probes]?.httpGet?.path !== path)
      .map(([probe, path]) => `its ${probe} does not ask ${path}`),
  ];
}

/** Whether everything that a selector wants is there. */
const isSelected = (wanted: Labels = {}, labels: Labels = {}) =>
  Object.entries(wanted).every(([name, value]) => labels[name] === value);

function referenceFaults({ kind, spec = {} }: Manifest, all: readonly Manifest[]): string[] {
  const pods = all.flatMap((each) => each.spec?.template ?? []);
  const selectsPods = (labels: Labels | undefined) => pods.some(({ metadata }) => isSelected(labels, metadata?.labels));
  switch (kind) {
    case 'Service': {
      const found = pods.filter(({ metadata }) => isSelected(spec.selector, metadata?.labels));
      const ports = new Set(found.flatMap(portsOf));
      const wrong = (spec.ports ?? []).filter(({ targetPort = '' }) => !ports.has(targetPort));
      return wrong.map(({ name }) => `no pod has the port of ${name}`);
    }
    case 'PodDisruptionBudget':
      return selectsPods(spec.selector?.matchLabels) ? [] : ['selects no pod'];
    case 'NetworkPolicy':
      return selectsPods(spec.podSelector?.matchLabels) ? [] : ['selects no pod'];
    case 'HorizontalPodAutoscaler': {
      const { kind: wanted, name } = spec.scaleTargetRef ?? {};
      return all.some((each) => each.kind === wanted && each.metadata.name === name)
        ? []
        : [`there is no ${wanted} ${name}`];
    }
    case 'ServiceMonitor': {
      const services = all.filter((each) => each.kind === 'Service');
      const found = services.filter(({ metadata }) => isSelected(spec.selector?.matchLabels, metadata.labels));
      const ports = new Set(found.flatMap((service) => service.spec?.ports?.map(({ name }) => name) ?? []));
      return (spec.endpoints ?? []).filter(({ port }) => !ports.has(port)).map(({ port }) => `no Service has ${port}`);
    }
    default:
      return [];
  }
}

const portsOf = ({ spec }: { readonly spec: PodSpec }) =>
  spec.containers.flatMap(({ ports = [] }) => ports.map(({ name = '' }) => name));
