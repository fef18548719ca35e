import { BlockList, isIP } from 'node:net';
import { Inject, Injectable } from '@nestjs/common';
import type { ConfigType } from '@nestjs/config';
import { settingsPart } from '../../operations/config/settings-part.js';
import { carriedBy, tailOf, unmapped } from './address-forms.js';
import { type Address, Names } from './names.js';
import { ProbeError } from './probe-error.js';

export const probesConfig = settingsPart('probes', 'probeAllow');

/** An address that was judged, and that the connection has to go to. */
export type JudgedAddress = Address;

/** For whom a target is resolved: the look-ups of one gate run are bounded together. */
export interface Resolving {
  readonly withinMs: number;
  readonly run: object;
}

/** A target that must not be probed; the message says why. */
export class RefusedTarget extends ProbeError {
  override readonly name = 'RefusedTarget';
}

/**
 * Never, whatever the allow-list says: link-local addresses, and those under which clouds hand out credentials, also
 * where an IPv6 address carries them.
 */
const NEVER_RANGES = [
  '169.254.0.0/16',
  '100.100.100.200/32',
  '168.63.129.16/32',
  '192.0.0.192/32',
  'fe80::/10',
  'fd00:ec2::/32',
  'fd00:42::42/128',
  'fd20:ce::254/128',
];

/** Nor these, which mean this machine, or none. */
const UNSPECIFIED_RANGES = ['0.0.0.0/8', '::/128'];

/** What was looked up longer ago than this may be out of date. */
const FRESH_MS = 1000;

/** Judges what probes may reach, by the allow-list of the configuration. */
@Injectable()
export class ProbeTargets {
  private readonly never = rangesOf(NEVER_RANGES);
  private readonly forbidden = rangesOf([...NEVER_RANGES, ...UNSPECIFIED_RANGES]);
  private readonly allowed: BlockList;
  private readonly allowedNames: ReadonlySet<string>;

  constructor(
    @Inject(probesConfig.KEY) { probeAllow }: ConfigType<typeof probesConfig>,
    private readonly names: Names,
  ) {
    const ranges = probeAllow.filter(isRange);
    this.allowed = rangesOf(ranges);
    this.allowedNames = new Set(probeAllow.filter((entry) => !isRange(entry)).map(canonical));
  }

  /** Why the target is refused, as far as can be told without looking its name up; null if it may be allowed. */
  refusalOf(url: URL): string | null {
    const name = nameOf(url);
    if (isIP(name)) return this.refusalOfAddress(name, name);
    if (this.allowedNames.has(name) || this.allowed.rules.length > 0) return null;
    return `${name} is not in PROBE_ALLOW`;
  }

  /** Why no configuration will ever let this target be probed; null for one that only some do not. */
  prohibitionOf(url: URL): string | null {
    const name = nameOf(url);
    return isIP(name) && this.isForbidden(name) ? prohibited(name) : null;
  }

  /**
   * The addresses to connect to, to be tried in turn. Every address that the name has is judged, so that the choice
   * among them is not one between an allowed and a forbidden one.
   * @throws RefusedTarget; ProbeError where the name is not resolved, or not in time
   */
  async resolve(url: URL, resolving: Resolving): Promise<readonly JudgedAddress[]> {
    const name = nameOf(url);
    return this.judged(name, isIP(name) ? [addressOf(name)] : await this.lookUp(url, resolving, Infinity));
  }

  /** Where a host is now that did not answer at these addresses, if it has moved since they were looked up; else null. */
  async moved(
    url: URL,
    from: readonly JudgedAddress[],
    resolving: Resolving,
  ): Promise<readonly JudgedAddress[] | null> {
    const name = nameOf(url);
    if (isIP(name)) return null;
    try {
      const now = this.judged(name, await this.lookUp(url, resolving, FRESH_MS));
      const before = new Set(from.map(({ address }) => address));
      return now.every(({ address }) => before.has(address)) ? null : now;
    } catch {
      return null;
    }
  }

  private judged(name: string, found: readonly Address[]): readonly JudgedAddress[] {
    const addresses = found.map(({ address }) => addressOf(address));
    const refusal = addresses.map(({ address }) => this.refusalOfAddress(address, name)).find((one) => one !== null);
    if (refusal) throw new RefusedTarget(refusal);
    return addresses;
  }

  private lookUp(url: URL, { withinMs, run }: Resolving, maxAgeMs: number): Promise<readonly Address[]> {
    // With the dot at its end, which says that it is whole.
    const name = url.hostname.toLowerCase();
    return new Promise((resolve, reject) => {
      const late = new ProbeError(`${name} was not resolved within ${withinMs} ms`);
      const timer = setTimeout(() => reject(late), withinMs);
      this.names
        .lookUp(name, run, maxAgeMs)
        .then(resolve, reject)
        .finally(() => clearTimeout(timer));
    });
  }

  private refusalOfAddress(address: string, name: string): string | null {
    const shown = name === address ? address : `${name} (${address})`;
    if (this.isForbidden(address)) return prohibited(shown);
    const really = unmapped(address);
    if (this.allowedNames.has(name) || this.allowed.check(really, familyOf(really))) return null;
    return `${shown} is not in PROBE_ALLOW`;
  }

  private isForbidden(address: string): boolean {
    const really = unmapped(address);
    const tail = tailOf(really);
    if (tail !== null && this.never.check(tail)) return true;
    return [really, ...carriedBy(really)].some((one) => this.forbidden.check(one, familyOf(one)));
  }
}

function prohibited(shown: string): string {
  return `${shown} is a link-local or metadata address, which is never probed`;
}

/** Of an IPv4-mapped address the IPv4 address: that is where a connection goes, and what is judged. */
function addressOf(address: string): Address {
  const really = unmapped(address);
  return { address: really, family: isIP(really) };
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}

/** The host of a URL as the allow-list has it: lower-case, without the brackets of IPv6 and the dot of the root. */
function nameOf({ hostname }: URL): string {
  return canonical(hostname.startsWith('[') ? hostname.slice(1, -1) : hostname);
}

function canonical(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

function isRange(entry: string): boolean {
  return isIP(entry.split('/')[0] ?? '') !== 0;
}

function rangesOf(entries: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = '', prefix] = entry.split('/');
    const really = unmapped(address);
    // A range of mapped addresses is one of IPv4 addresses, 96 bits further on.
    const bits = Number(prefix) - (really === address ? 0 : 96);
    if (prefix === undefined) list.addAddress(really, familyOf(really));
    else if (bits >= 0) list.addSubnet(really, bits, familyOf(really));
    else list.addSubnet(address, Number(prefix), 'ipv6');
  }
  return list;
}
