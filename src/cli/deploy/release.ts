import { answered, type PlimsollClient, type Schemas } from '../../client/plimsoll-client.js';
import { ProblemError } from '../../client/problem-error.js';
import { CommandFailure } from '../command-failure.js';

export interface ReleaseOptions {
  readonly release?: string;
  readonly version?: string;
  readonly gitSha?: string;
}

export interface NamedRelease extends Pick<Schemas['Release'], 'digest' | 'version'> {
  /** Whether the ledger has it; otherwise it is put when the deployment begins. */
  readonly isKnown: boolean;
}

const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** The release that is meant: by its digest, or by the version that the ledger knows it by. */
export async function releaseOf(
  client: PlimsollClient,
  service: string,
  { release, version, gitSha }: ReleaseOptions,
  signal: AbortSignal,
): Promise<NamedRelease> {
  if (release === undefined) throw unnamed();
  if (!DIGEST.test(release)) return byVersion(client, service, release, signal);
  const known = await findRelease(client, service, release, signal);
  if (known !== null) return { ...known, isKnown: true };
  if (version !== undefined && gitSha !== undefined) return { digest: release, version, isKnown: false };
  throw new CommandFailure('usage', `The ledger has no release ${release} of ${service}.`, {
    mend: 'Say what it is, and it is put: --version 1.4.2 --git-sha 40-HEX-DIGITS',
  });
}

export function digestOrFail({ release = '' }: ReleaseOptions): string {
  if (DIGEST.test(release)) return release;
  throw new CommandFailure('usage', 'Without the ledger a release is known by its digest alone.', {
    mend: '--release sha256:…',
  });
}

export async function putRelease(
  client: PlimsollClient,
  service: string,
  { digest, isKnown }: NamedRelease,
  { version = '', gitSha = '' }: ReleaseOptions,
  signal: AbortSignal,
): Promise<void> {
  if (isKnown) return;
  const call = client.PUT('/v1/services/{service}/releases/{digest}', {
    params: { path: { service, digest } },
    body: { version, gitSha },
    signal,
  });
  await answered(call);
}

export async function findRelease(client: PlimsollClient, service: string, digest: string, signal: AbortSignal) {
  const params = { path: { service, digest } };
  try {
    return await answered(client.GET('/v1/services/{service}/releases/{digest}', { params, signal }));
  } catch (error) {
    if (error instanceof ProblemError && error.status === 404) return null;
    throw error;
  }
}

async function byVersion(client: PlimsollClient, service: string, version: string, signal: AbortSignal) {
  const params = { path: { service } };
  const { items } = await answered(client.GET('/v1/services/{service}/releases', { params, signal }));
  const found = items.filter((each) => each.version === version);
  const [release] = found;
  if (release !== undefined && found.length === 1) return { ...release, isKnown: true };
  const what = found.length === 0 ? 'no release' : `${found.length} releases`;
  throw new CommandFailure('usage', `The ledger has ${what} ${version} of ${service}.`, {
    mend: 'Name it by its digest: --release sha256:…',
  });
}

function unnamed(): CommandFailure {
  return new CommandFailure('usage', 'It is not said which release is meant.', {
    mend: 'Give --release sha256:…, or the version of a release that the ledger has.',
  });
}
