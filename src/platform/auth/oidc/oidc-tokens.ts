import { hash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { ConfigType } from '@nestjs/config';
import { decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose';
import type { OidcIssuer } from '../../../operations/config/oidc-issuers.js';
import { settingsPart } from '../../../operations/config/settings-part.js';
import { OutboundCalls } from '../../../operations/outbound/outbound-calls.js';
import { Clock } from '../../clock.js';
import { DomainError } from '../../http/problems/domain-error.js';
import { httpErrors } from '../../http/problems/http.errors.js';
import { invalidToken, tokenSha256 } from '../bearer.js';
import type { Principal } from '../principal.js';
import { type Origin, RateLimit } from '../rate-limit.js';
import { fetchKeys } from './fetch-keys.js';
import { IssuerKeys } from './issuer-keys.js';
import { grantOf } from './oidc-grant.js';

export const oidcConfig = settingsPart('oidc', 'oidcIssuers');

/** All of them need the private key of the issuer: a token that is signed with its public one is none of its. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
/** By how much the clocks of an issuer may differ from ours. */
const CLOCK_TOLERANCE_SECONDS = 30;
const MOST_KNOWN = 1000;
const BELIEVED_FOR_MS = 30_000;
/** As long as OpenID Connect lets it be, and nothing that could forge a line, or hide. */
const SUBJECT = /^[^\p{C}\p{Zl}\p{Zp}]{1,255}$/u;

interface Issuer {
  readonly settings: OidcIssuer;
  readonly keys: IssuerKeys;
}

interface KnownToken {
  readonly principal: Principal;
  readonly believedUntil: number;
}

/**
 * Tokens of the issuers of the configuration, which nobody has to make and keep. They cannot be revoked, so that they
 * are taken for an hour after they were issued at most, or for as long as the configuration says.
 */
@Injectable()
export class OidcTokens {
  private readonly issuers: ReadonlyMap<string, Issuer>;
  private readonly known = new Map<string, KnownToken>();

  constructor(
    @Inject(oidcConfig.KEY) { oidcIssuers }: ConfigType<typeof oidcConfig>,
    private readonly clock: Clock,
    private readonly rateLimit: RateLimit,
    outbound: OutboundCalls,
  ) {
    this.issuers = new Map(
      oidcIssuers.map((settings) => {
        const { issuer } = settings;
        return [issuer, { settings, keys: new IssuerKeys(issuer, clock, () => fetchKeys(issuer, outbound)) }];
      }),
    );
  }

  /** Whether anybody's tokens are taken. */
  get areTaken(): boolean {
    return this.issuers.size > 0;
  }

  /**
   * Whom a token speaks for. Who sends many that are not known yet is refused like who tries unknown tokens.
   * @throws DomainError `unauthenticated`; `forbidden` where it is valid, and no rule gives it a role;
   *   `issuer-unavailable` where its keys cannot be fetched
   */
  authenticate(token: string, origin: () => Origin): Principal | Promise<Principal> {
    const sha256 = tokenSha256(token);
    const known = this.known.get(sha256);
    if (known && this.now() < known.believedUntil) return known.principal;
    // One that was valid once counts against nobody's address.
    if (!known) this.rateLimit.countUnknownToken(origin());
    return this.verify(token, this.issuerOf(token)).then((found) => this.remember(sha256, found));
  }

  /** Read before anything is verified, so that nobody is asked, and nothing calculated, for tokens of strangers. */
  private issuerOf(token: string): Issuer {
    const issuer = this.issuers.get(issuerIn(token) ?? '');
    if (!issuer) throw invalidToken('The token is of an issuer that Plimsoll is not configured to believe.');
    return issuer;
  }

  private async verify(token: string, { settings, keys }: Issuer): Promise<KnownToken> {
    const { issuer, audience, maxAgeSeconds, rules } = settings;
    const { payload } = await jwtVerify(token, (header, jws) => keys.find(header, jws), {
      issuer,
      audience,
      algorithms: ALGORITHMS,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: this.clock.now(),
      maxTokenAge: maxAgeSeconds,
      requiredClaims: ['exp', 'sub'],
    }).catch((error: unknown) => {
      throw error instanceof errors.JOSEError ? invalidToken(whyNot(error, maxAgeSeconds)) : error;
    });
    const { sub } = payload;
    if (typeof sub !== 'string' || !SUBJECT.test(sub)) throw invalidToken('The subject of the token is not fit.');
    const grant = grantOf(rules, payload);
    if (!grant) throw new DomainError(httpErrors.forbidden, `No rule gives a role to this token of ${issuer}.`);
    const principal = { tokenId: identityOf(issuer, sub), name: `${issuer} ${sub}`, ...grant };
    return { principal, believedUntil: Math.min(this.now() + BELIEVED_FOR_MS, endOf(payload, maxAgeSeconds)) };
  }

  private remember(sha256: string, token: KnownToken): Principal {
    this.known.delete(sha256);
    const [oldest] = this.known.keys();
    if (this.known.size >= MOST_KNOWN && oldest !== undefined) this.known.delete(oldest);
    this.known.set(sha256, token);
    return token.principal;
  }

  private now(): number {
    return this.clock.now().getTime();
  }
}

function issuerIn(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    return undefined;
  }
}

/** The same for every token of a subject, so that a pipeline which tries again is known again by its Idempotency-Key. */
function identityOf(issuer: string, subject: string): string {
  const digest = hash('sha256', `${issuer} ${subject}`, 'hex');
  return [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `8${digest.slice(13, 16)}`,
    `8${digest.slice(17, 20)}`,
    digest.slice(20, 32),
  ].join('-');
}

function endOf({ exp = 0, iat = 0 }: JWTPayload, maxAgeSeconds: number): number {
  return Math.min(exp, iat + maxAgeSeconds) * 1000;
}

/** What mends it, for whoever writes the pipeline; nothing of the token itself but the name of a claim. */
function whyNot(error: errors.JOSEError, maxAgeSeconds: number): string {
  if (error instanceof errors.JWTExpired)
    return `The token has expired, or was issued more than ${maxAgeSeconds} s ago.`;
  if (error instanceof errors.JWTClaimValidationFailed)
    return `The claim "${error.claim}" of the token is not as it must be.`;
  return 'The token is not signed as its issuer signs.';
}
