import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ImageRegistry } from '../support/image-registry.js';
import { KeySigner, PROVENANCE, Sigstore } from '../support/image-signer.js';
import { slotSettings, type Verify } from '../../src/cli/plimsoll-file/plimsoll-file.js';
import { ImageVerification } from '../../src/cli/signatures/verify-image.js';

const SUBJECT = 'https://github.com/acme/checkout/.github/workflows/release.yml@refs/tags/v1';
const ISSUER = 'https://token.actions.githubusercontent.com';
const SCAN = 'https://cosign.sigstore.dev/attestation/vuln/v1';

let folder: string;
let registry: ImageRegistry;
let sigstore: Sigstore;
const signer = new KeySigner();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-signatures-'));
  sigstore = await Sigstore.begin();
  await writeFile(join(folder, 'cosign.pub'), signer.publicKey);
  await writeFile(join(folder, 'trusted-root.json'), sigstore.trustedRoot);
});

beforeEach(async () => {
  registry = await ImageRegistry.open();
});

afterEach(() => registry.close());

afterAll(() => rm(folder, { recursive: true, force: true }));

async function verified(image: string, settings: object): Promise<void> {
  const verify = slotSettings.shape.verify.parse(settings) as Verify;
  await (await ImageVerification.of(verify, join(folder, 'plimsoll.yml'))).verify(image);
}

const byKey = { key: 'cosign.pub' };
const byIdentity = { identity: { subject: SUBJECT, issuer: ISSUER }, trustedRoot: 'trusted-root.json' };

describe('an image that has to be signed with a key', () => {
  it('is taken with its signature, however the registry keeps it', async () => {
    const image = registry.image('1');
    registry.attach(image, signer.sign(image));
    await expect(verified(image, byKey)).resolves.toBeUndefined();

    await using old = { registry: await ImageRegistry.open({ hasReferrers: false }), [Symbol.asyncDispose]: end };
    function end(): Promise<void> {
      return old.registry.close();
    }
    const same = old.registry.image('1');
    old.registry.attach(same, signer.sign(same));
    await expect(verified(same, byKey)).resolves.toBeUndefined();
  });

  it.each<[string, (image: string) => [bundle: string, type?: string] | null, RegExp]>([
    ['without one', () => null, /is not signed: its registry knows no Sigstore bundle of it/],
    ['with one of another key', (image) => [new KeySigner().sign(image)], /signature verification failed/],
    ['with one of another image', () => [signer.sign(registry.image('2'))], /made for another image/],
    ['with a statement that promises nothing', (image) => [signer.sign(image, SCAN)], /neither a signature nor/],
    ['with what is no bundle', () => ['{"mediaType":"of another kind"}'], /has no signature that counts/],
    ['with what is no JSON', () => ['signed!'], /has no signature that counts/],
    ['with another kind of artifact', (image) => [signer.sign(image), 'application/spdx+json'], /is not signed/],
  ])('is refused %s', async (_how, attached, told) => {
    const image = registry.image('1');
    const found = attached(image);
    if (found) registry.attach(image, ...found);
    await expect(verified(image, byKey)).rejects.toThrow(told);
  });

  it('is refused when its statement was changed after it was signed', async () => {
    const [image, other] = [registry.image('1'), registry.image('2')];
    const bundle = JSON.parse(signer.sign(other)) as { dsseEnvelope: { payload: string } };
    const forged = JSON.parse(signer.sign(image)) as typeof bundle;
    bundle.dsseEnvelope.payload = forged.dsseEnvelope.payload;
    registry.attach(image, JSON.stringify(bundle));
    await expect(verified(image, byKey)).rejects.toThrow('signature verification failed');
  });

  it('is taken when one of many counts, and all are told when none does', async () => {
    const image = registry.image('1');
    registry.attach(image, new KeySigner().sign(image));
    registry.attach(image, signer.sign(image));
    await expect(verified(image, byKey)).resolves.toBeUndefined();
  });
});

function signed(image: string, subject = SUBJECT, issuer = ISSUER): Promise<string> {
  return sigstore.sign(image, subject, issuer);
}

describe('an image that somebody has to have signed', () => {
  it('is taken with the signature of that identity', async () => {
    const image = registry.image('1');
    registry.attach(image, await signed(image));
    await expect(verified(image, byIdentity)).resolves.toBeUndefined();
  });

  it.each<[string, (image: string) => Promise<string>, RegExp]>([
    ['of another subject', (image) => signed(image, SUBJECT.replace('v1', 'v2')), /was signed by .*v2, for whom/],
    // As a regular expression, the wanted subject would match it.
    ['whose subject is alike', (image) => signed(image, SUBJECT.replace('github.com', 'githubxcom')), /githubxcom/],
    ['whose subject begins alike', (image) => signed(image, `${SUBJECT}0`), /v10, for whom/],
    [
      'for whom somebody else vouches',
      (image) => signed(image, SUBJECT, 'https://gitlab.com'),
      /https:\/\/gitlab\.com/,
    ],
    [
      'of another Sigstore',
      async (image) => (await Sigstore.begin()).sign(image, SUBJECT, ISSUER),
      /no signature that/,
    ],
    ['with a key', async (image) => signer.sign(image), /no signature that counts/],
  ])('is refused with one %s', async (_whose, sign, told) => {
    const image = registry.image('1');
    registry.attach(image, await sign(image));
    await expect(verified(image, byIdentity)).rejects.toThrow(told);
  });

  it('is taken from every subject that begins as it should, where the end is left open', async () => {
    const image = registry.image('1');
    const open = { ...byIdentity, identity: { subject: SUBJECT.replace(/v1$/, 'v*'), issuer: ISSUER } };
    registry.attach(image, await signed(image, SUBJECT.replace(/tags\/v1$/, 'heads/main')));
    await expect(verified(image, open)).rejects.toThrow(/heads\/main, for whom/);
    registry.attach(image, await signed(image, SUBJECT.replace('v1', 'v2')));
    await expect(verified(image, open)).resolves.toBeUndefined();
  });

  it('is refused when no log has seen the signature', async () => {
    const image = registry.image('1');
    const bundle = JSON.parse(await signed(image)) as { verificationMaterial: { tlogEntries: object[] } };
    bundle.verificationMaterial.tlogEntries = [];
    registry.attach(image, JSON.stringify(bundle));
    await expect(verified(image, byIdentity)).rejects.toThrow(/no signature that counts/);
  });

  it('is asked for a provenance as well, of the same signer', async () => {
    const image = registry.image('1');
    const withProvenance = { ...byIdentity, provenance: true };
    registry.attach(image, await signed(image));
    registry.attach(image, await sigstore.sign(image, `${SUBJECT}0`, ISSUER, PROVENANCE));
    await expect(verified(image, withProvenance)).rejects.toThrow('has no SLSA provenance of the same signer');
    registry.attach(image, await sigstore.sign(image, SUBJECT, ISSUER, PROVENANCE));
    await expect(verified(image, withProvenance)).resolves.toBeUndefined();
  });
});

describe('a registry', () => {
  it('that answers something else than it was asked for is not believed', async () => {
    const image = registry.image('1');
    registry.attach(image, signer.sign(image));
    registry.lie();
    await expect(verified(image, byKey)).rejects.toThrow(/answered something else than sha256:/);
  });

  it('that is away is told', async () => {
    const image = registry.image('1');
    await registry.close();
    await expect(verified(image, byKey)).rejects.toThrow(/the registry of 127\S+ does not answer: .*ECONNREFUSED/);
  });

  it('gets the login that Podman keeps, for its token', async () => {
    const closed = await ImageRegistry.open({ login: 'ci:secret' });
    const image = closed.image('1');
    closed.attach(image, signer.sign(image));
    await expect(verified(image, byKey)).rejects.toThrow(/gives no token: 401/);
    const file = join(folder, 'auth.json');
    await writeFile(file, JSON.stringify({ auths: { [closed.host]: { auth: btoa('ci:secret') } } }));
    process.env['REGISTRY_AUTH_FILE'] = file;
    try {
      await expect(verified(image, byKey)).resolves.toBeUndefined();
    } finally {
      delete process.env['REGISTRY_AUTH_FILE'];
      await closed.close();
    }
  });
});
