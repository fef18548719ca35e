import { isIP } from 'node:net';
import { Injectable } from '@nestjs/common';
import { NameServers } from './name-servers.js';
import { ProbeError } from './probe-error.js';
import { type NameConfiguration, SystemNames } from './system-names.js';

export interface Address {
  readonly address: string;
  readonly family: number;
}

interface Resolved {
  readonly addresses: readonly Address[];
  readonly validMs: number;
}

interface Known {
  readonly addresses: Promise<readonly Address[]>;
  /** Infinite while it is being looked up. */
  knownSinceMs: number;
  validUntilMs: number;
}

/** Many probes of one host share a look-up, and a host that has moved is found soon, whatever its name server says. */
const LEAST_VALID_MS = 1000;
const MOST_VALID_MS = 30_000;
const MAX_KNOWN = 10_000;
/** More than a gate has hosts. */
const MOST_AT_ONCE_OF_A_RUN = 128;
const MOST_AT_ONCE = 4096;

/**
 * Resolves names as this system is configured to: by the hosts file and the name servers, in its order and with its search
 * domains. One look-up a name at a time; what it finds is valid for the TTL, between 1 and 30 s.
 */
@Injectable()
export class Names {
  private readonly known = new Map<string, Known>();
  private readonly ofRuns = new WeakMap<object, number>();
  private atOnce = 0;
  private servers: { readonly configuration: NameConfiguration; readonly queries: NameServers } | null = null;

  constructor(private readonly system: SystemNames) {}

  /**
   * All addresses of a name, which may end with a dot. Look-ups that are made for one run at once are counted together.
   * It may take as long as the name servers take; who waits has a time of his own.
   * @throws ProbeError where the name is not resolved
   */
  lookUp(name: string, run: object, maxAgeMs = Infinity): Promise<readonly Address[]> {
    const now = performance.now();
    const known = this.known.get(name);
    if (known && known.validUntilMs > now && now - known.knownSinceMs <= maxAgeMs) return known.addresses;
    const ofRun = this.ofRuns.get(run) ?? 0;
    if (ofRun >= MOST_AT_ONCE_OF_A_RUN || this.atOnce >= MOST_AT_ONCE) {
      return Promise.reject(new ProbeError(`${name} was not resolved: too many names are being looked up`));
    }
    this.count(run, 1);
    const resolving = this.resolve(name).finally(() => this.count(run, -1));
    const entry: Known = {
      addresses: resolving.then(({ addresses }) => addresses),
      knownSinceMs: Infinity,
      validUntilMs: Infinity,
    };
    const settle = (validMs: number): void => {
      entry.knownSinceMs = performance.now();
      entry.validUntilMs = entry.knownSinceMs + validMs;
    };
    resolving.then(
      ({ validMs }) => settle(validMs),
      () => settle(LEAST_VALID_MS),
    );
    this.remember(name, entry);
    return entry.addresses;
  }

  private count(run: object, by: 1 | -1): void {
    this.atOnce += by;
    this.ofRuns.set(run, (this.ofRuns.get(run) ?? 0) + by);
  }

  private remember(name: string, entry: Known): void {
    this.known.delete(name);
    this.known.set(name, entry);
    if (this.known.size <= MAX_KNOWN) return;
    // The oldest that nobody waits for. There is one, since fewer are looked up at once.
    for (const [other, { validUntilMs }] of this.known) {
      if (validUntilMs !== Infinity) return void this.known.delete(other);
    }
  }

  /** What one source could not tell another may know. */
  private async resolve(name: string): Promise<Resolved> {
    const configuration = await this.system.current();
    let why = 'it does not exist';
    for (const { kind, isFinal } of configuration.sources) {
      try {
        const found = kind === 'files' ? fromHosts(name, configuration) : await this.fromServers(name, configuration);
        if (found.addresses.length > 0) return found;
        if (isFinal) break;
      } catch (error) {
        why = (error as NodeJS.ErrnoException).code ?? String(error);
      }
    }
    throw new ProbeError(`${name} was not resolved: ${why}`);
  }

  private async fromServers(name: string, configuration: NameConfiguration): Promise<Resolved> {
    if (this.servers?.configuration !== configuration) {
      this.servers = { configuration, queries: new NameServers(configuration) };
    }
    const found = await this.servers.queries.find(name);
    const validMs = Math.min(...found.map(({ ttl }) => ttl * 1000), MOST_VALID_MS);
    return resolvedTo(
      found.map(({ address }) => address),
      Math.max(validMs, LEAST_VALID_MS),
    );
  }
}

function fromHosts(name: string, { hosts }: NameConfiguration): Resolved {
  const bare = name.replace(/\.$/, '');
  const isLoopback = bare === 'localhost' || bare.endsWith('.localhost');
  return resolvedTo(hosts.get(bare) ?? (isLoopback ? ['127.0.0.1', '::1'] : []), LEAST_VALID_MS);
}

function resolvedTo(addresses: readonly string[], validMs: number): Resolved {
  return { addresses: addresses.map((address) => ({ address, family: isIP(address) })), validMs };
}
