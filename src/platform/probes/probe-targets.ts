import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '../../operations/config/settings.js';

/** An address that was judged, and that the connection has to go to. */
export interface JudgedAddress {
  readonly address: string;
  readonly family: number;
}

/** A target that must not be probed; the message says why. */
export class RefusedTarget extends Error {
  override readonly name = 'RefusedTarget';
}

/**
 * Never, whatever the allow-list says: link-local and unspecified addresses, and those under which clouds hand out
 * credentials. IPv4-mapped IPv6 addresses are judged as the IPv4 addresses that they are.
 */
const FORBIDDEN_RANGES = [
  '0.0.0.0/8',
  '169.254.0.0/16',
  '100.100.100.200/32',
  '168.63.129.16/32',
  '192.0.0.192/32',
  '::/128',
  'fe80::/10',
  'fd00:ec2::254/128',
  'fd20:ce::254/128',
  '64:ff9b::a9fe:0/112',
];

/** One look-up a second and name: many probes of one host share it, and a host that has moved is found at once. */
const LOOKUP_VALID_MS = 1000;
const MAX_REMEMBERED = 10_000;

interface Remembered {
  readonly addresses: Promise<JudgedAddress[]>;
  readonly until: number;
}

/** Judges what probes may reach, by the allow-list of the configuration. */
@Injectable()
export class ProbeTargets {
  private readonly forbidden = rangesOf(FORBIDDEN_RANGES);
  private readonly allowed: BlockList;
  private readonly allowedNames: ReadonlySet<string>;
  private readonly remembered = new Map<string, Remembered>();

  constructor(@Inject(SETTINGS) { probeAllow }: Settings) {
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
   * The address to connect to. Every address that the name has is judged, so that the choice among them is not one
   * between an allowed and a forbidden one.
   * @throws RefusedTarget; what looking a name up throws
   */
  async resolve(url: URL): Promise<JudgedAddress> {
    const name = nameOf(url);
    const family = isIP(name);
    const addresses = family ? [{ address: name, family }] : await this.lookUp(name);
    const refusal = addresses.map(({ address }) => this.refusalOfAddress(address, name)).find((one) => one !== null);
    if (refusal) throw new RefusedTarget(refusal);
    const [first] = addresses;
    if (!first) throw new Error(`${name} has no address`);
    return first;
  }

  private refusalOfAddress(address: string, name: string): string | null {
    const shown = name === address ? address : `${name} (${address})`;
    if (this.isForbidden(address)) return prohibited(shown);
    if (this.allowedNames.has(name) || this.allowed.check(address, familyOf(address))) return null;
    return `${shown} is not in PROBE_ALLOW`;
  }

  private isForbidden(address: string): boolean {
    return this.forbidden.check(address, familyOf(address));
  }

  private lookUp(name: string): Promise<JudgedAddress[]> {
    const now = performance.now();
    const known = this.remembered.get(name);
    if (known && known.until > now) return known.addresses;
    if (this.remembered.size >= MAX_REMEMBERED) this.remembered.clear();
    const addresses = lookup(name, { all: true });
    this.remembered.set(name, { addresses, until: now + LOOKUP_VALID_MS });
    return addresses;
  }
}

function prohibited(shown: string): string {
  return `${shown} is a link-local or metadata address, which is never probed`;
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
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list;
}
