import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { oidcProvider } from './oidc-provider.mjs';

const KEYS = '/jwks';
const DISCOVERY = '/.well-known/openid-configuration';

interface SigningKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
}

interface Forgery {
  readonly header?: object;
  readonly claims?: object;
  readonly key?: CryptoKey | Uint8Array;
}

/** An oidc-provider on loopback, whose private keys we know, so that we can sign what it never would. */
export class Issuer {
  readonly audience = 'https://plimsoll.example.com';
  readonly subject = 'repo:acme/checkout:ref:refs/heads/main';
  readonly claims = { repository: 'acme/checkout', ref: 'refs/heads/main' };
  /** Paths that were asked for. */
  readonly asked: string[] = [];
  url = '';
  key!: SigningKey;
  private listener: RequestListener = () => undefined;
  private server!: Server;

  static async start(): Promise<Issuer> {
    const issuer = new Issuer();
    await issuer.comeBack();
    await issuer.rotate();
    return issuer;
  }

  /** How often its keys were looked up. */
  get lookUps(): number {
    return this.asked.filter((path) => path === DISCOVERY).length;
  }

  get keyUrl(): string {
    return this.url + KEYS;
  }

  /** Has another key from now on, and no other. */
  async rotate(): Promise<void> {
    const pair = await generateKeyPair('RS256', { extractable: true });
    this.key = { kid: randomUUID(), ...pair };
    const jwk = { ...(await exportJWK(pair.privateKey)), kid: this.key.kid, alg: 'RS256', use: 'sig' };
    const { subject, claims } = this;
    this.listener = oidcProvider(this.url, { keys: [jwk], subject, claims, ttlSeconds: 3600 });
  }

  /** Answers like this in place of what it is. */
  answer(listener: RequestListener): void {
    this.listener = listener;
  }

  /** A token that it issues to its client. */
  async token(): Promise<string> {
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: this.subject,
      client_secret: 'secret',
      resource: this.audience,
    });
    const response = await fetch(`${this.url}/token`, { method: 'POST', body });
    const { access_token: token } = (await response.json()) as { access_token?: string };
    if (token === undefined) throw new Error(`The issuer answered ${response.status}`);
    return token;
  }

  /** A token that says what we like, signed with its key unless told otherwise. A claim that is undefined is left out. */
  async forge({ header = {}, claims = {}, key = this.key.privateKey }: Forgery = {}): Promise<string> {
    const iat = Math.floor(Date.now() / 1000);
    const { url: iss, subject: sub, audience: aud } = this;
    const payload = { iss, sub, aud, iat, exp: iat + 3600, ...this.claims, ...claims };
    return new SignJWT(JSON.parse(JSON.stringify(payload)))
      .setProtectedHeader({ alg: 'RS256', ...JSON.parse(JSON.stringify({ kid: this.key.kid, ...header })) })
      .sign(key);
  }

  async goAway(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  async comeBack(): Promise<void> {
    this.server = createServer((request, response) => {
      this.asked.push(request.url ?? '');
      this.listener(request, response);
    });
    this.server.listen(this.url === '' ? 0 : Number(new URL(this.url).port), '127.0.0.1');
    await once(this.server, 'listening');
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }
}
