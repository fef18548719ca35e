import { isDeepStrictEqual } from 'node:util';
import { answered, type PlimsollClient } from '../../client/plimsoll-client.js';
import { ProblemError } from '../../client/problem-error.js';
import type { SlotName } from '../context.js';
import type { SlotSettings } from '../plimsoll-file/plimsoll-file.js';
import { doubtful, type Finding, well, wrong } from './finding.js';

export interface Ledger {
  readonly client: PlimsollClient;
  readonly slot: SlotName;
  readonly signal: AbortSignal;
}

/** What the ledger knows of the slot, and what stands in the way of a deployment now. */
export async function* slotFindings({ client, slot: path, signal }: Ledger): AsyncGenerator<Finding> {
  const { service, environment } = path;
  const isService = await isThere(client.GET('/v1/services/{service}', { params: { path: { service } }, signal }));
  if (!isService)
    yield wrong('service', `the ledger has no ${service}`, `An admin puts it: PUT /v1/services/${service}`);
  const place = { params: { path: { environment } }, signal };
  const isEnvironment = await isThere(client.GET('/v1/environments/{environment}', place));
  const mend = `An admin puts it: PUT /v1/environments/${environment}`;
  if (!isEnvironment) yield wrong('environment', `the ledger has no ${environment}`, mend);
  if (!isService || !isEnvironment) return;
  const call = client.GET('/v1/services/{service}/environments/{environment}', { params: { path }, signal });
  const { activeDeployment, runningReleaseState, freeze, hosts } = await answered(call);
  yield activeDeployment
    ? doubtful('lock', `held by ${activeDeployment.actor} (${activeDeployment.state})`, 'plimsoll lock')
    : well('lock', 'free');
  if (!freeze.known) yield doubtful('freeze', 'not known', 'Plimsoll does not reach Unleash');
  else if (freeze.frozen)
    yield doubtful('freeze', freeze.reasons.map(({ reason }) => reason).join('; '), 'plimsoll freeze list');
  else yield well('freeze', 'none');
  if (runningReleaseState === 'unknown') {
    yield wrong('running release', 'unknown since a deployment failed', 'Deploy again, or plimsoll rollback');
  }
  const drifting = hosts.filter((host) => host.drifting).map(({ name }) => name);
  if (drifting.length > 0) yield wrong('drift', `${drifting.join(', ')} run another release`, 'plimsoll hosts');
}

export async function hostsFinding(
  { client, slot: path, signal }: Ledger,
  settings: SlotSettings | null,
): Promise<Finding> {
  const call = client.GET('/v1/services/{service}/environments/{environment}/hosts', { params: { path }, signal });
  const put = (await orNull(answered(call)))?.hosts ?? [];
  const own = settings?.hosts.map(({ name, url }) => ({ name, url }));
  if (own && !isDeepStrictEqual(byName(own), byName(put))) {
    return wrong(
      'hosts',
      `the ledger has ${namesOf(put)}, plimsoll.yml ${namesOf(own)}, or other URLs`,
      'plimsoll apply',
    );
  }
  if (put.length === 0) return doubtful('hosts', 'none were put', 'plimsoll apply puts those of plimsoll.yml');
  return well('hosts', namesOf(put));
}

export async function gateFinding(
  { client, slot: path, signal }: Ledger,
  settings: SlotSettings | null,
): Promise<Finding> {
  const call = client.GET('/v1/services/{service}/environments/{environment}/gate', { params: { path }, signal });
  const put = await orNull(answered(call));
  if (put === null) {
    return wrong(
      'gate',
      'none was put: a deployment ends on hold',
      'Write a gate into plimsoll.yml, and plimsoll apply',
    );
  }
  if (settings?.gate !== undefined && !isDeepStrictEqual(settings.gate, put)) {
    return wrong('gate', "the ledger's is another one than that of plimsoll.yml", 'plimsoll apply');
  }
  return 'ungated' in put
    ? doubtful('gate', `ungated: ${put.ungated}`, 'Nothing judges a deployment here')
    : well('gate', put.checks.length === 1 ? '1 check' : `${put.checks.length} checks`);
}

interface HostAddress {
  readonly name: string;
  readonly url: string;
}

const byName = (hosts: readonly HostAddress[]): HostAddress[] => hosts.toSorted((a, b) => (a.name < b.name ? -1 : 1));
const namesOf = (hosts: readonly HostAddress[]): string => hosts.map(({ name }) => name).join(', ') || 'none';

async function isThere(call: Promise<{ error?: unknown; response: Response }>): Promise<boolean> {
  const { error, response } = await call;
  if (!response.ok && response.status !== 404) throw ProblemError.of(response, error);
  return response.ok;
}

async function orNull<Found>(call: Promise<Found>): Promise<Found | null> {
  return call.catch((error: unknown) => {
    if (error instanceof ProblemError && error.status === 404) return null;
    throw error;
  });
}
