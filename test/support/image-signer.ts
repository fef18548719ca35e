import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { initializeCA, initializeCTLog, initializeTLog } from '@sigstore/mock';
import { BUNDLE } from './image-registry.js';

export const SIGNED = 'https://sigstore.dev/cosign/sign/v1';
export const PROVENANCE = 'https://slsa.dev/provenance/v1';
const LOG = 'https://rekor.example.com';
const IN_TOTO = 'application/vnd.in-toto+json';
/** Where Fulcio writes who vouches for whoever signs. */
const ISSUER_OID = '1.3.6.1.4.1.57264.1.8';

type LogEntry = Awaited<ReturnType<Awaited<ReturnType<typeof initializeTLog>>['log']>>;
type Pair = { publicKey: KeyObject; privateKey: KeyObject };
const aPair = (namedCurve = 'P-256'): Pair => generateKeyPairSync('ec', { namedCurve });
const base64 = (bytes: ArrayBufferView | string) => Buffer.from(bytes as Uint8Array).toString('base64');

interface Envelope {
  readonly payload: string;
  readonly payloadType: string;
  readonly signatures: { readonly sig: string }[];
}

/** A statement about an image, signed. */
function envelopeOf(image: string, predicateType: string, key: KeyObject): Envelope {
  const [name = '', digest = ''] = image.split('@');
  const subject = [{ name, digest: { sha256: digest.slice('sha256:'.length) } }];
  const payload = JSON.stringify({ _type: 'https://in-toto.io/Statement/v1', subject, predicateType, predicate: {} });
  const signed = `DSSEv1 ${IN_TOTO.length} ${IN_TOTO} ${Buffer.byteLength(payload)} ${payload}`;
  return {
    payload: base64(payload),
    payloadType: IN_TOTO,
    signatures: [{ sig: base64(sign('sha256', Buffer.from(signed), key)) }],
  };
}

/** Signs as cosign does with a key. */
export class KeySigner {
  readonly #pair = aPair();
  readonly publicKey = String(this.#pair.publicKey.export({ type: 'spki', format: 'pem' }));

  sign(image: string, predicateType = SIGNED): string {
    const dsseEnvelope = envelopeOf(image, predicateType, this.#pair.privateKey);
    return JSON.stringify({ mediaType: BUNDLE, verificationMaterial: { publicKey: { hint: '' } }, dsseEnvelope });
  }
}

/** A Sigstore of its own: an authority that issues certificates for minutes, and the logs of certificates and signatures. */
export class Sigstore {
  private constructor(
    private readonly authority: Awaited<ReturnType<typeof initializeCA>>,
    private readonly certificates: Awaited<ReturnType<typeof initializeCTLog>>,
    private readonly log: Awaited<ReturnType<typeof initializeTLog>>,
  ) {}

  static async begin(): Promise<Sigstore> {
    const certificates = await initializeCTLog(aPair());
    return new Sigstore(
      await initializeCA(aPair('P-384'), certificates),
      certificates,
      await initializeTLog(LOG, aPair()),
    );
  }

  /** A trusted root, as a file has it. */
  get trustedRoot(): string {
    const validFor = { start: new Date(Date.now() - 60_000).toISOString() };
    const logOf = (publicKey: Buffer, keyId: ArrayBufferView) => ({
      baseUrl: LOG,
      hashAlgorithm: 'SHA2_256',
      publicKey: { rawBytes: base64(publicKey), keyDetails: 'PKIX_ECDSA_P256_SHA_256', validFor },
      logId: { keyId: base64(keyId) },
    });
    const { publicKey } = this.log;
    return JSON.stringify({
      mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
      tlogs: [logOf(publicKey, createHash('sha256').update(publicKey).digest())],
      ctlogs: [logOf(this.certificates.publicKey, this.certificates.logID)],
      certificateAuthorities: [
        { certChain: { certificates: [{ rawBytes: base64(this.authority.rootCertificate) }] }, validFor },
      ],
      timestampAuthorities: [],
    });
  }

  /** Signs as somebody who has shown who he is. */
  async sign(image: string, subject: string, issuer: string, predicateType = SIGNED): Promise<string> {
    const pair = aPair();
    const certificate = await this.authority.issueCertificate({
      publicKey: pair.publicKey.export({ type: 'spki', format: 'der' }),
      subjectAltName: subject,
      extensions: [{ oid: ISSUER_OID, value: issuer }],
    });
    const dsseEnvelope = envelopeOf(image, predicateType, pair.privateKey);
    const tlogEntries = [await this.#logged(dsseEnvelope)];
    const verificationMaterial = { certificate: { rawBytes: base64(certificate) }, tlogEntries };
    return JSON.stringify({ mediaType: BUNDLE, verificationMaterial, dsseEnvelope });
  }

  async #logged({ payload, signatures }: Envelope): Promise<object> {
    const value = createHash('sha256').update(Buffer.from(payload, 'base64')).digest('hex');
    const spec = { payloadHash: { algorithm: 'sha256', value }, signatures: [{ signature: signatures[0]?.sig }] };
    const entries = await this.log.log({ apiVersion: '0.0.1', kind: 'dsse', spec });
    const { body, integratedTime, logID, logIndex, verification } = Object.values<LogEntry[string]>(entries)[0]!;
    const { rootHash = '', treeSize, checkpoint } = verification?.inclusionProof ?? {};
    const proof = { logIndex: '0', treeSize: String(treeSize), hashes: [], checkpoint: { envelope: checkpoint } };
    return {
      logIndex: String(logIndex),
      logId: { keyId: base64(Buffer.from(logID, 'hex')) },
      kindVersion: { kind: 'dsse', version: '0.0.1' },
      integratedTime: String(integratedTime),
      inclusionPromise: { signedEntryTimestamp: verification?.signedEntryTimestamp },
      inclusionProof: { ...proof, rootHash: base64(Buffer.from(rootHash, 'hex')) },
      canonicalizedBody: body,
    };
  }
}
