import { z } from 'zod';

/** Of whom in-toto statements speak, and what they say. */
const statement = z.object({
  subject: z.array(z.object({ digest: z.record(z.string(), z.string()) })).max(1000),
  predicateType: z.string(),
});

const IN_TOTO = 'application/vnd.in-toto+json';

/** What counts. Other statements, say about what a scan has found, are signed as well, and promise nothing. */
const KINDS: Readonly<Record<string, 'signature' | 'provenance'>> = {
  'https://sigstore.dev/cosign/sign/v1': 'signature',
  'https://slsa.dev/provenance/v0.2': 'provenance',
  'https://slsa.dev/provenance/v1': 'provenance',
};

export interface Statement {
  readonly kind: 'signature' | 'provenance';
}

/** What a signed envelope says of the image. Throws where it says nothing of it. */
export function statementIn(envelope: { payloadType: string; payload: Uint8Array }, digest: string): Statement {
  if (envelope.payloadType !== IN_TOTO) throw new Error(`it signs ${envelope.payloadType}, which is no statement`);
  const { subject, predicateType } = statement.parse(JSON.parse(Buffer.from(envelope.payload).toString('utf8')));
  const kind = KINDS[predicateType];
  if (kind === undefined) throw new Error(`it signs ${predicateType}, which is neither a signature nor a provenance`);
  if (!subject.some(({ digest: of }) => `sha256:${of['sha256']}` === digest)) {
    throw new Error('it was made for another image');
  }
  return { kind };
}
