import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const BUNDLE = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';

interface Options {
  /** Without, what refers to an image is found by a tag, as older registries have it. */
  readonly hasReferrers?: boolean;
  /** `user:password`, which a service of its own takes for a token. */
  readonly login?: string;
}

/** A registry over HTTP on loopback that is read as the OCI's specification says, and holds what it is given. */
export class ImageRegistry {
  readonly #contents = new Map<string, string>();
  readonly #referrers = new Map<string, object[]>();
  readonly #server: Server;

  private constructor(private readonly options: Options) {
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  static async open(options: Options = {}): Promise<ImageRegistry> {
    const registry = new ImageRegistry(options);
    await new Promise<void>((resolve) => registry.#server.listen(0, '127.0.0.1', resolve));
    return registry;
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** An image that is there for its digest alone. */
  image(name: string): string {
    return `${this.host}/acme/checkout@sha256:${createHash('sha256').update(name).digest('hex')}`;
  }

  attach(image: string, bundle: string, artifactType = BUNDLE): void {
    const layer = { mediaType: artifactType, digest: this.#keep(bundle), size: bundle.length };
    const manifest = JSON.stringify({ schemaVersion: 2, artifactType, layers: [layer] });
    const [, digest = ''] = image.split('@');
    const list = this.#referrers.get(digest) ?? [];
    this.#referrers.set(digest, [...list, { mediaType: INDEX, artifactType, digest: this.#keep(manifest) }]);
  }

  /** Answers something else for everything it holds. */
  lie(): void {
    for (const digest of this.#contents.keys()) this.#contents.set(digest, '{"layers":[]}');
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #keep(text: string): string {
    const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`;
    this.#contents.set(digest, text);
    return digest;
  }

  #answer({ url = '', headers }: IncomingMessage, response: ServerResponse): void {
    const { login } = this.options;
    const end = (status: number, text: string, more = {}) =>
      response.writeHead(status, { 'content-type': 'application/json', ...more }).end(text);
    if (url.startsWith('/token')) {
      const isKnown = headers.authorization === `Basic ${Buffer.from(login ?? '').toString('base64')}`;
      return void (isKnown ? end(200, '{"token":"for-a-while"}') : end(401, '{}'));
    }
    if (login !== undefined && headers.authorization !== 'Bearer for-a-while') {
      const challenge = `Bearer realm="http://${this.host}/token",service="registry"`;
      return void end(401, '{}', { 'www-authenticate': challenge });
    }
    const found = this.#find(url);
    end(found === undefined ? 404 : 200, found ?? '{"errors":[{"code":"NAME_UNKNOWN"}]}');
  }

  #find(url: string): string | undefined {
    const [, kind, reference = ''] = /^\/v2\/acme\/checkout\/(\w+)\/([\w:.-]+)$/.exec(url) ?? [];
    const index = (digest: string) => JSON.stringify({ manifests: this.#referrers.get(digest) ?? [] });
    if (kind === 'referrers') return this.options.hasReferrers === false ? undefined : index(reference);
    const tagged = reference.replace('sha256-', 'sha256:');
    if (kind === 'manifests' && tagged !== reference && this.#referrers.has(tagged)) return index(tagged);
    return this.#contents.get(reference);
  }
}
