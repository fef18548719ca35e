import { createHash } from 'node:crypto';
import { HostFailure } from '../hosts/host-failure.js';
import { credentialsFor } from './registry-auth.js';

const WITHIN_MS = 15_000;
/** For all that is read of an image: somebody waits, and Ctrl-C with him. */
const ALL_WITHIN_MS = 60_000;
/** Of a signature and of a list of them. A provenance has a few hundred KiB at most. */
const MOST_BYTES = 4 * 1024 * 1024;
const MANIFESTS = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

/** `registry.example.com/acme/checkout` at its registry. It reads, and sends credentials to nobody but the registry. */
export class RegistryClient {
  private readonly base: string;
  private readonly path: string;
  private authorization: string | null = null;
  private readonly over = AbortSignal.timeout(ALL_WITHIN_MS);

  constructor(private readonly name: string) {
    const [host = '', ...rest] = name.split('/');
    // As Docker and Podman do: what does not leave the machine needs no TLS.
    const scheme = /^(localhost|127\.\d+\.\d+\.\d+)(:\d+)?$/.test(host) ? 'http' : 'https';
    this.base = `${scheme}://${host === 'docker.io' ? 'registry-1.docker.io' : host}`;
    this.path = rest.join('/');
  }

  /** Null if there is none. */
  async manifest(reference: string): Promise<unknown> {
    return parsed(await this.get(`manifests/${reference}`, { accept: MANIFESTS }, digestIn(reference)));
  }

  /** What refers to a digest. Null where the registry does not keep track of it. */
  async referrers(digest: string): Promise<unknown> {
    return parsed(await this.get(`referrers/${digest}`, { accept: MANIFESTS }, null));
  }

  /** Null if there is none. */
  blob(digest: string): Promise<string | null> {
    return this.get(`blobs/${digest}`, {}, digestIn(digest));
  }

  private async get(what: string, headers: Record<string, string>, digest: string | null): Promise<string | null> {
    const url = `${this.base}/v2/${this.path}/${what}`;
    let response = await this.ask(url, headers);
    if (response.status === 401) {
      this.authorization = await this.authorize(response.headers.get('www-authenticate') ?? '');
      response = await this.ask(url, headers);
    }
    if (response.status === 404) return null;
    if (!response.ok) throw new HostFailure(`the registry of ${this.name} answered ${response.status} to ${what}`);
    const text = await textOf(response, this.name);
    if (digest !== null && `sha256:${createHash('sha256').update(text).digest('hex')}` !== digest) {
      throw new HostFailure(`the registry of ${this.name} answered something else than ${digest}`);
    }
    return text.toString('utf8');
  }

  private async ask(url: string, headers: Record<string, string>): Promise<Response> {
    const authorization = this.authorization === null ? {} : { authorization: this.authorization };
    // A redirect to another origin loses the authorization, as `fetch` has it.
    const signal = AbortSignal.any([this.over, AbortSignal.timeout(WITHIN_MS)]);
    return fetch(url, { headers: { ...headers, ...authorization }, signal }).catch(
      (error: Error & { cause?: Error }) => {
        throw new HostFailure(`the registry of ${this.name} does not answer: ${error.cause?.message ?? error.message}`);
      },
    );
  }

  /** A token of the service that the registry names, or the credentials themselves. */
  private async authorize(challenge: string): Promise<string> {
    const credentials = await credentialsFor(this.name);
    const basic = credentials === null ? null : `Basic ${credentials}`;
    const { realm, service } = fieldsOf(challenge);
    if (!/^bearer /i.test(challenge) || realm === undefined) {
      if (basic === null) throw new HostFailure(`the registry of ${this.name} asks for a login: podman login`);
      return basic;
    }
    const url = new URL(realm);
    if (url.protocol !== 'https:' && new URL(this.base).protocol === 'https:') {
      throw new HostFailure(`the registry of ${this.name} sends credentials to ${url.origin}, without TLS`);
    }
    url.searchParams.set('scope', `repository:${this.path}:pull`);
    if (service !== undefined) url.searchParams.set('service', service);
    this.authorization = basic;
    const response = await this.ask(url.href, {});
    if (!response.ok) throw new HostFailure(`the registry of ${this.name} gives no token: ${response.status}`);
    const answer = parsed(String(await textOf(response, this.name))) as { token?: string; access_token?: string };
    return `Bearer ${answer.token ?? answer.access_token ?? ''}`;
  }
}

async function textOf(response: Response, name: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > MOST_BYTES) throw new HostFailure(`the registry of ${name} answered more than ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parsed(text: string | null): unknown {
  if (text === null) return null;
  try {
    return JSON.parse(text);
  } catch {
    throw new HostFailure('the registry answered no JSON');
  }
}

function digestIn(reference: string): string | null {
  return reference.startsWith('sha256:') ? reference : null;
}

/** `Bearer realm="https://auth.example.com/token",service="registry"` */
function fieldsOf(challenge: string): Readonly<Record<string, string>> {
  const fields = challenge.slice(0, 2000).matchAll(/\b([a-z]{1,20})="([^"]{1,500})"/g);
  return Object.fromEntries([...fields].map(([, name = '', value = '']) => [name, value]));
}
