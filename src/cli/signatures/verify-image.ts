import { dirname, resolve } from 'node:path';
import { type Bundle, bundleFromJSON, isBundleWithDsseEnvelope } from '@sigstore/bundle';
import { type SignedEntity, type TrustMaterial, toSignedEntity, Verifier } from '@sigstore/verify';
import { HostFailure } from '../hosts/host-failure.js';
import { reasonOf } from '../hosts/reason-of.js';
import type { Verify } from '../plimsoll-file/plimsoll-file.js';
import { bundlesOf } from './image-bundles.js';
import { type Statement, statementIn } from './statement.js';
import { trustInAuthorities, trustInKey } from './trust.js';

/** Throws unless an image is signed as `verify` of the file asks for, with the reason for each signature that did not do. */
export class ImageVerification {
  private constructor(
    private readonly settings: Verify,
    private readonly trust: TrustMaterial,
  ) {}

  /** @param file plimsoll.yml, beside which its files lie */
  static async of(settings: Verify, file: string): Promise<ImageVerification> {
    const beside = (path: string | undefined) => (path === undefined ? undefined : resolve(dirname(file), path));
    const key = beside(settings.key);
    const trust = key === undefined ? await trustInAuthorities(beside(settings.trustedRoot)) : await trustInKey(key);
    return new ImageVerification(settings, trust);
  }

  /** @param reference `registry/name@sha256:…` */
  async verify(reference: string): Promise<void> {
    const [repository = '', digest = ''] = reference.split('@');
    const refusals: string[] = [];
    const kinds = new Set<Statement['kind']>();
    for await (const text of bundlesOf(repository, digest)) {
      try {
        kinds.add(this.statementOf(text, digest).kind);
      } catch (error) {
        refusals.push(reasonOf(error));
      }
      if (kinds.has('provenance') || (kinds.size > 0 && !this.settings.provenance)) return;
    }
    if (kinds.size === 0) throw new HostFailure(unsigned(reference, refusals));
    throw new HostFailure(`${reference} is signed, and has no SLSA provenance of the same signer`);
  }

  private statementOf(text: string, digest: string): Statement {
    const bundle: Bundle = bundleFromJSON(JSON.parse(text));
    if (!isBundleWithDsseEnvelope(bundle)) throw new Error('it signs no statement about an image');
    this.assertSigned(toSignedEntity(bundle));
    return statementIn(bundle.content.dsseEnvelope, digest);
  }

  private assertSigned(entity: SignedEntity): void {
    const { identity } = this.settings;
    if (identity === undefined) {
      // A key needs no log: nobody has to know when it signed. The log of whoever runs it is not known here.
      const verifier = new Verifier(this.trust, { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 });
      verifier.verify({ ...entity, tlogEntries: [], timestamps: [] });
      return;
    }
    const { subjectAlternativeName, extensions } = new Verifier(this.trust).verify(entity).identity ?? {};
    // To the letter: the library would take it for a regular expression, which `.` makes wider than it looks.
    const isSubject = matches(subjectAlternativeName ?? '', identity.subject);
    if (isSubject && extensions?.issuer === identity.issuer) return;
    const who = `${subjectAlternativeName ?? 'nobody'}, for whom ${extensions?.issuer ?? 'nobody'} vouches`;
    throw new Error(`it was signed by ${who}; the file wants ${identity.subject} of ${identity.issuer}`);
  }
}

function matches(subject: string, wanted: string): boolean {
  return wanted.endsWith('*') ? subject.startsWith(wanted.slice(0, -1)) : subject === wanted;
}

function unsigned(reference: string, refusals: readonly string[]): string {
  if (refusals.length === 0) return `${reference} is not signed: its registry knows no Sigstore bundle of it`;
  const told = [...new Set(refusals)].slice(0, 5).map((reason) => `\n  ${reason.slice(0, 500)}`);
  return `${reference} has no signature that counts:${told.join('')}`;
}
