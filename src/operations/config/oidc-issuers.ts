import { z } from 'zod';

const SLUG = /^[a-z][a-z0-9-]{0,62}$/;
const claimValue = z.string().min(1).max(500);

/** The claims that a token needs for a role. Without a claim, everybody whom the issuer knows would have the role. */
const rule = z.strictObject({
  claims: z
    .record(z.string().min(1).max(100), z.union([claimValue, z.array(claimValue).min(1).max(50)]))
    .refine(
      (claims) => Object.keys(claims).length > 0,
      'must have a condition, or whoever has a token of this issuer gets in',
    )
    .refine((claims) => Object.keys(claims).length <= 20, 'must have at most 20 conditions'),
  // Not `admin`: an admin could create tokens that do not expire.
  role: z.enum(['viewer', 'reporter', 'deployer', 'operator'], 'must be viewer, reporter, deployer or operator'),
  service: z.string().regex(SLUG, 'must be the slug of a service').nullable().default(null),
});

const oidcIssuer = z.strictObject({
  issuer: z
    .string()
    .max(200)
    .refine(isIssuerUrl, 'must be an https URL without query and fragment; http on loopback only'),
  audience: z.string().min(1).max(200),
  maxAgeSeconds: z.int().min(60).max(86_400).default(3600),
  rules: z.array(rule).min(1, 'must have a rule').max(100),
});

/** A trusted issuer and its rules. The first rule whose conditions all hold applies. */
export type OidcIssuer = z.output<typeof oidcIssuer>;

const issuers = z
  .array(oidcIssuer)
  .max(20)
  .refine((all) => new Set(all.map(({ issuer }) => issuer)).size === all.length, 'must name no issuer twice');

/** JSON. Each fault names its place. */
export const oidcIssuers = z.string().transform((text, context): OidcIssuer[] => {
  const result = issuers.safeParse(parsed(text));
  if (result.success) return result.data;
  const faults = result.error.issues.slice(0, 5).map(({ path, message }) => `${path.join('.')}: ${message}`);
  context.addIssue({
    code: 'custom',
    message: `must be JSON, a list of issuers with their rules; ${faults.join('; ')}`,
  });
  return z.NEVER;
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function isIssuerUrl(text: string): boolean {
  const url = URL.parse(text);
  if (!url || url.search !== '' || url.hash !== '' || url.username !== '' || /[?#\s]/.test(text)) return false;
  return (
    url.protocol === 'https:' || (url.protocol === 'http:' && /^(127\.0\.0\.1|\[::1\]|localhost)$/.test(url.hostname))
  );
}
