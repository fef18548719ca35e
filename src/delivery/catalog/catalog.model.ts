export const TIERS = ['development', 'staging', 'production'] as const;

/** How much is at stake in an environment: it sets the gate's defaults and how strictly freezes are read. */
export type Tier = (typeof TIERS)[number];

/** A machine (or container) of a slot, that probes can be sent to. */
export interface Host {
  readonly name: string;
  /** Absolute, without a trailing slash, so that `{host.url}/readyz` reads as one expects. */
  readonly url: string;
}

/** One service in one environment, with the tier that its environment has now. */
export interface Slot {
  readonly id: string;
  readonly service: string;
  readonly environment: string;
  readonly tier: Tier;
  /** Null until hosts were put; an empty list is an answer, and a different one. */
  readonly hosts: readonly Host[] | null;
}

/** The host as it is kept: a trailing slash would double in every probe's URL. */
export function normalisedHost(host: Host): Host {
  let { url } = host;
  while (url.endsWith('/')) url = url.slice(0, -1);
  return { name: host.name, url };
}

/** Positions of hosts whose name another host before them already has. */
export function repeatedNames(hosts: readonly Host[]): number[] {
  const seen = new Set<string>();
  return hosts.flatMap(({ name }, index) => {
    if (seen.has(name)) return [index];
    seen.add(name);
    return [];
  });
}
