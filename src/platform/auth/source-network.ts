import { isIP, SocketAddress } from 'node:net';

const MAPPED = '::ffff:';
const GROUPS = 8;
const GROUPS_OF_A_NETWORK = 4;

/**
 * Whose requests are counted together: an IPv4 address, or the /64 of an IPv6 one, of which one machine may use every
 * address. What a proxy says that is no address counts as one, whatever it is.
 */
export function networkOf(address: string): string {
  if (address.startsWith(MAPPED)) return networkOf(address.slice(MAPPED.length));
  if (isIP(address) === 6) return `${first64(address)}::/64`;
  return isIP(address) === 4 ? address : 'unknown';
}

function first64(ipv6: string): string {
  const { address } = new SocketAddress({ address: ipv6.split('%', 1)[0] ?? '', family: 'ipv6' });
  const [head = '', tail = ''] = address.split('::').map((part) => part.split(':').filter((group) => group !== ''));
  const zeros = address.includes('::') ? GROUPS - head.length - tail.length : 0;
  return [...head, ...Array.from({ length: zeros }, () => '0'), ...tail].slice(0, GROUPS_OF_A_NETWORK).join(':');
}
