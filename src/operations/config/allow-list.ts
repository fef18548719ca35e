import { isIP } from 'node:net';
import { z } from 'zod';

const MOST_PREFIX = { 4: 32, 6: 128 } as const;

/** The last label of a name has a letter: what has none is meant to be an address, and is a wrong one. */
const HOST_NAME =
  /^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*(?=[a-z0-9-]*[a-z])[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.?$/i;

/** Whether an entry of an allow-list means anything: a host name, an address, or a range `address/prefix`. */
export function isAllowEntry(entry: string): boolean {
  const [address = '', prefix, ...rest] = entry.split('/');
  const family = isIP(address) as 0 | 4 | 6;
  if (prefix === undefined) return family !== 0 || HOST_NAME.test(entry);
  return rest.length === 0 && family !== 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= MOST_PREFIX[family];
}

/** Entries separated by commas; each that means nothing is named, for a list that protects must not be misread. */
export const allowList = z.string().transform((text, context) => {
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  const wrong = entries.filter((entry) => !isAllowEntry(entry));
  if (wrong.length > 0) {
    const named = wrong.map((entry) => JSON.stringify(entry)).join(', ');
    context.addIssue({ code: 'custom', message: `must hold host names, addresses and CIDR ranges; not so: ${named}` });
  }
  return entries;
});
