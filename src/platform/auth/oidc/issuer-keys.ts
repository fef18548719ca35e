import { createLocalJWKSet, errors, type FlattenedJWSInput, type JWTHeaderParameters } from 'jose';
import { Logger } from '@nestjs/common';
import { DomainError } from '../../http/problems/domain-error.js';
import { httpErrors } from '../../http/problems/http.errors.js';
import type { Clock } from '../../clock.js';

/** A key that the issuer withdraws is refused after so long. */
const FRESH_FOR_MS = 10 * 60_000;
/** While the issuer is out of reach its last keys are believed. */
const BELIEVED_FOR_MS = 24 * 60 * 60_000;
/** Whatever strangers send, nobody is asked more often. */
const ASK_AGAIN_AFTER_MS = 10_000;

type KeySet = ReturnType<typeof createLocalJWKSet>;
type Key = Awaited<ReturnType<KeySet>>;

/** Gives the JSON Web Key Set of an issuer, as it was sent. */
export type FetchKeys = () => Promise<unknown>;

/**
 * The keys of one issuer. They are fetched again every 10 min, and when a token names a key that is not among them, but
 * never twice in 10 s, and never twice at once.
 */
export class IssuerKeys {
  private readonly logger = new Logger('OidcIssuers');
  private set: KeySet | null = null;
  private fetchedAt = -Infinity;
  private askedAt = -Infinity;
  private asking: Promise<void> | null = null;
  private isAway = false;

  constructor(
    private readonly issuer: string,
    private readonly clock: Clock,
    private readonly fetchKeys: FetchKeys,
  ) {}

  /**
   * The key that the header of a token names.
   * @throws DomainError `issuer-unavailable` where the issuer would have to be asked and does not answer
   * @throws JWKSNoMatchingKey where the issuer has no such key
   */
  async find(header: JWTHeaderParameters, token: FlattenedJWSInput): Promise<Key> {
    if (typeof header.kid !== 'string') throw new errors.JWKSNoMatchingKey('The token names no key');
    const age = this.since(this.fetchedAt);
    if (age >= BELIEVED_FOR_MS) await this.ask();
    else if (age >= FRESH_FOR_MS) void this.ask();
    if (this.since(this.fetchedAt) >= BELIEVED_FOR_MS) throw unavailable(this.issuer);
    try {
      return await this.known(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
    }
    await this.ask();
    // It may be a new key, of which an issuer that is away cannot tell us.
    return this.known(header, token).catch((error: unknown) => {
      throw this.isAway && error instanceof errors.JWKSNoMatchingKey ? unavailable(this.issuer) : error;
    });
  }

  private known(header: JWTHeaderParameters, token: FlattenedJWSInput): Promise<Key> {
    if (!this.set) throw unavailable(this.issuer);
    return this.set(header, token);
  }

  /** Never rejects. Does nothing where it was asked a moment ago. */
  private ask(): Promise<void> {
    if (this.asking) return this.asking;
    if (this.since(this.askedAt) < ASK_AGAIN_AFTER_MS) return Promise.resolve();
    this.askedAt = this.now();
    this.asking = this.refresh().finally(() => (this.asking = null));
    return this.asking;
  }

  private async refresh(): Promise<void> {
    try {
      this.set = createLocalJWKSet((await this.fetchKeys()) as Parameters<typeof createLocalJWKSet>[0]);
      this.fetchedAt = this.now();
      if (this.isAway) this.logger.log(`The keys of ${this.issuer} can be fetched again`);
      this.isAway = false;
    } catch (error) {
      // Told once an outage.
      if (!this.isAway) this.logger.warn({ msg: `The keys of ${this.issuer} cannot be fetched`, err: error });
      this.isAway = true;
    }
  }

  /** A clock that was put back makes it long ago, and not never. */
  private since(time: number): number {
    return Math.abs(this.now() - time);
  }

  private now(): number {
    return this.clock.now().getTime();
  }
}

function unavailable(issuer: string): DomainError {
  const headers = { 'retry-after': String(ASK_AGAIN_AFTER_MS / 1000) };
  const detail = `The keys of ${issuer} cannot be fetched now, so nobody can say whether this token is one of its.`;
  return new DomainError(httpErrors.issuerUnavailable, detail, {}, { headers });
}
