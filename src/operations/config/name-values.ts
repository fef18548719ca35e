import { z } from 'zod';

/** Of a header or of an attribute. */
const NAME = /^[\w!#$%&'*+.^`|~/-]{1,256}$/;

/** `name=value,name=value`, as OpenTelemetry writes lists in variables: values are percent-encoded. */
export const nameValues = z.string().transform((text, context) => {
  const pairs = text
    .split(',')
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '')
    .map(pairOf);
  if (pairs.every((pair) => pair !== null)) return Object.fromEntries(pairs);
  // The fault quotes no pair, because the list may be a secret.
  context.addIssue({ code: 'custom', message: 'must be name=value,name=value, with values percent-encoded' });
  return z.NEVER;
});

function pairOf(pair: string): [name: string, value: string] | null {
  const cut = pair.indexOf('=');
  const name = pair.slice(0, Math.max(0, cut)).trim();
  try {
    const value = decodeURIComponent(pair.slice(cut + 1).trim());
    return NAME.test(name) && !/\p{Cc}/u.test(value) ? [name, value] : null;
  } catch {
    return null;
  }
}
