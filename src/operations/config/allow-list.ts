import { isIP } from 'node:net';
import { z } from 'zod';

const MOST_PREFIX = { 4: 32, 6: 128 } as const;

/**
 * The last label of a host name contains a letter. Without one the entry is meant as an address, and is a wrong
 * address.
 */
const HOST_NAME =
  /^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*(?=[a-z0-9-]*[a-z])[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.?$/i;

/** Whether an entry of an allow-list is valid: a host name, an address, or a range `address/prefix`. */
export function isAllowEntry(entry: string): boolean {
  return isRange(entry) || HOST_NAME.test(entry);
}

/** An address, or `address/prefix`. */
function isRange(entry: string): boolean {
  const [address = '', prefix, ...rest] = entry.split('/');
  // A zone, as in fe80::1%eth0, is not valid in a range or a URL.
  const family = (address.includes('%') ? 0 : isIP(address)) as 0 | 4 | 6;
  if (family === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= MOST_PREFIX[family]);
}

/**
 * Entries separated by commas. Every invalid entry is named, because a list that protects must not be misunderstood.
 */
function listOf(what: string, isEntry: (entry: string) => boolean) {
  return z.string().transform((text, context) => {
    const entries = text
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '');
    const wrong = entries.filter((entry) => !isEntry(entry));
    if (wrong.length > 0) {
      const named = wrong.map((entry) => JSON.stringify(entry)).join(', ');
      context.addIssue({ code: 'custom', message: `must hold ${what}; not so: ${named}` });
    }
    return entries;
  });
}

export const allowList = listOf('host names, addresses and CIDR ranges', isAllowEntry);

export const addressList = listOf('addresses and CIDR ranges', isRange);
export const hostList = listOf('host names and addresses', (entry) => !entry.includes('/') && isAllowEntry(entry));
