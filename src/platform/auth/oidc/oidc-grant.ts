import type { OidcIssuer } from '../../../operations/config/oidc-issuers.js';
import type { Role } from '../principal.js';

export interface Grant {
  readonly role: Role;
  readonly service: string | null;
}

type Claims = Readonly<Record<string, unknown>>;

/** What the first rule whose conditions all hold gives to whoever has these claims; null where none does. */
export function grantOf(rules: OidcIssuer['rules'], claims: Claims): Grant | null {
  const found = rules.find((rule) =>
    Object.entries(rule.claims).every(([name, wanted]) => holds(claims, name, wanted)),
  );
  return found ? { role: found.role, service: found.service } : null;
}

/** A claim that is a list holds if it has one of what is wanted: groups, say. Nothing is a pattern. */
function holds(claims: Claims, name: string, wanted: string | readonly string[]): boolean {
  if (!Object.hasOwn(claims, name)) return false;
  const allowed = new Set([wanted].flat());
  return [claims[name]].flat().some((value) => isPlain(value) && allowed.has(String(value)));
}

function isPlain(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number';
}
