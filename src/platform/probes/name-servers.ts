import { Resolver } from 'node:dns/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { NameConfiguration } from './system-names.js';

export interface FoundAddress {
  readonly address: string;
  readonly ttl: number;
}

/** The name does not exist, or has no address: an answer, and not the lack of one. */
const NOT_FOUND: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA']);

/** A dead server is given up after so long, whatever is configured: probes wait for it. */
const MOST_TIMEOUT_MS = 1000;
/** So much longer than the first address the other family may take. */
const OTHER_FAMILY_MS = 500;

/**
 * The name servers of this system, asked by c-ares: on sockets of the event loop, so that a name that is not answered
 * holds up no other. `dns.lookup`, which this replaces, shares a few threads with everything else.
 */
export class NameServers {
  private readonly all: Resolver;
  private readonly each: readonly Resolver[];

  constructor(private readonly configuration: NameConfiguration) {
    const { servers } = configuration;
    this.all = this.resolverFor(servers);
    // c-ares does not go on to the next server when one refuses or fails, but only when it does not answer.
    this.each = servers.length > 1 ? servers.map((server) => this.resolverFor([server])) : [];
  }

  /** All addresses of a name, by way of the search domains; none where it does not exist. @throws what kept it from being known */
  async find(name: string): Promise<readonly FoundAddress[]> {
    let failure: Error | null = null;
    for (const candidate of this.candidatesFor(name)) {
      try {
        const found = await this.ask(candidate);
        if (found.length > 0) return found;
      } catch (error) {
        failure ??= error as Error;
        // Each that is not answered takes its time. What a server refuses or fails at may be known by another name.
        if (codeOf(error) === 'ETIMEOUT') break;
      }
    }
    if (failure) throw failure;
    return [];
  }

  private candidatesFor(name: string): string[] {
    const { search, ndots } = this.configuration;
    if (name.endsWith('.')) return [name];
    const searched = search.map((domain) => `${name}.${domain}`).filter(({ length }) => length < 254);
    return name.split('.').length > ndots ? [name, ...searched] : [...searched, name];
  }

  private async ask(name: string): Promise<readonly FoundAddress[]> {
    let failure: unknown = null;
    for (const resolver of [this.all, ...this.each]) {
      try {
        return await askBoth(resolver, name);
      } catch (error) {
        failure = error;
        if (codeOf(error) === 'ETIMEOUT') break;
      }
    }
    throw failure;
  }

  private resolverFor(servers: readonly string[]): Resolver {
    const { timeoutMs, attempts } = this.configuration;
    const resolver = new Resolver({ timeout: Math.min(timeoutMs, MOST_TIMEOUT_MS), tries: Math.max(1, attempts) });
    resolver.setServers(servers);
    return resolver;
  }
}

/** IPv4 first: where there is no way by IPv6, that may show only after a while. */
async function askBoth(resolver: Resolver, name: string): Promise<readonly FoundAddress[]> {
  const found: FoundAddress[][] = [[], []];
  const failures: unknown[] = [];
  const asked = [resolver.resolve4(name, { ttl: true }), resolver.resolve6(name, { ttl: true })].map((query, index) =>
    query.then(
      (addresses) => void (found[index] = addresses),
      (error: unknown) => {
        failures.push(error);
        throw error;
      },
    ),
  );
  const grace = new AbortController();
  const first = Promise.any(asked).then(() => delay(OTHER_FAMILY_MS, null, { signal: grace.signal, ref: false }));
  await Promise.race([Promise.allSettled(asked), first.catch(() => Promise.allSettled(asked))]);
  grace.abort();
  const addresses = found.flat();
  const failure = failures.find((error) => !NOT_FOUND.has(codeOf(error)));
  if (addresses.length === 0 && failure !== undefined) throw failure;
  return addresses;
}

function codeOf(error: unknown): string {
  return String((error as NodeJS.ErrnoException).code);
}
