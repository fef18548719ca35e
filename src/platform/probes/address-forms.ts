import { isIP } from 'node:net';

type Prefix = readonly number[];

/** Where an IPv6 address that begins so carries an IPv4 address: the positions of its bytes. */
const FORMS: readonly { readonly prefix: Prefix; readonly at: readonly (readonly number[])[] }[] = [
  // IPv4-compatible, RFC 4291, and IPv4-translated, RFC 2765.
  { prefix: Array(12).fill(0) as number[], at: [[12, 13, 14, 15]] },
  { prefix: [0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0], at: [[12, 13, 14, 15]] },
  // NAT64, RFC 6052, and with a prefix of the network's own, RFC 8215, of any length that RFC 6052 knows.
  { prefix: [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0], at: [[12, 13, 14, 15]] },
  {
    prefix: [0, 0x64, 0xff, 0x9b, 0, 1],
    at: [
      [6, 7, 9, 10],
      [7, 9, 10, 11],
      [9, 10, 11, 12],
      [12, 13, 14, 15],
    ],
  },
  // 6to4, RFC 3056.
  { prefix: [0x20, 0x02], at: [[2, 3, 4, 5]] },
  // Teredo, RFC 4380: its server, and the client, which is kept inverted.
  {
    prefix: [0x20, 0x01, 0, 0],
    at: [
      [4, 5, 6, 7],
      [~12, ~13, ~14, ~15],
    ],
  },
];

const MAPPED: Prefix = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];
/** ISATAP, RFC 5214, by the second half, after any prefix; the first byte of it may be 2. */
const ISATAP: Prefix = [0, 0, 0x5e, 0xfe];
const LOOPBACK = '::1';

/** The address that a connection really goes to: that which an IPv4-mapped one (RFC 4291) maps. */
export function unmapped(address: string): string {
  const bytes = isIP(address) === 6 ? bytesOf(address) : [];
  return startsWith(bytes, MAPPED) ? bytes.slice(12).join('.') : address;
}

/** The IPv4 addresses that an IPv6 address may lead to, by any of the ways from one to the other. */
export function carriedBy(address: string): string[] {
  if (isIP(address) !== 6 || address === LOOPBACK) return [];
  const bytes = bytesOf(address);
  const carried = FORMS.filter(({ prefix }) => startsWith(bytes, prefix)).flatMap(({ at }) => at);
  if (startsWith([(bytes[8] ?? 0) & ~2, ...bytes.slice(9)], ISATAP)) carried.push([12, 13, 14, 15]);
  return carried.map((positions) => positions.map((at) => byteAt(bytes, at)).join('.'));
}

/** The last four bytes of an IPv6 address, where a NAT64 whose prefix nobody can know would find an IPv4 address. */
export function tailOf(address: string): string | null {
  return isIP(address) === 6 ? bytesOf(address).slice(12).join('.') : null;
}

function startsWith(bytes: readonly number[], prefix: Prefix): boolean {
  return bytes.length >= prefix.length && prefix.every((byte, index) => bytes[index] === byte);
}

function byteAt(bytes: readonly number[], at: number): number {
  return at < 0 ? 0xff - (bytes[~at] ?? 0) : (bytes[at] ?? 0);
}

/** The 16 bytes of an IPv6 address, which the parser of URLs brings into its one canonical form first. */
function bytesOf(address: string): number[] {
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = [], tail = []] = canonical.split('::').map((part) => part.split(':').filter((group) => group !== ''));
  const groups = [...head, ...Array<string>(8 - head.length - tail.length).fill('0'), ...tail];
  return groups.map((group) => Number.parseInt(group, 16)).flatMap((group) => [group >> 8, group & 0xff]);
}
