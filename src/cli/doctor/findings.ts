import { type PlimsollClient, withoutSlash } from '../../client/plimsoll-client.js';
import { ProblemError } from '../../client/problem-error.js';
import type { Context } from '../context.js';
import { failureOf } from '../output/tell-failure.js';
import { doubtful, type Finding, well, wrong } from './finding.js';
import { auditLogFinding } from './audit-log-finding.js';
import { hostFindings } from './host-findings.js';
import { gateFinding, hostsFinding, slotFindings } from './slot-findings.js';

/** One after the other: what depends on something that is wrong is not asked. */
export async function* findings(context: Context, environment: string | undefined): AsyncGenerator<Finding> {
  const file = yield* tried('plimsoll.yml', async () => {
    const read = await context.file();
    const detail = read ? `${read.path} is right` : 'none here';
    return [read, read ? well('plimsoll.yml', detail) : doubtful('plimsoll.yml', detail, 'plimsoll init makes one')];
  });
  const isReached = yield* tried('Plimsoll', async () => [true, await reaches(context)]);
  if (isReached === undefined) return;
  // It is a doctor's part to say what is so, not to wait until it is better.
  const client = yield* tried('token', async () => tokenFinding(await context.client(0), context.signal));
  if (!client) return;
  const auditLog = () => auditLogFinding(client, context.signal);
  yield* tried('audit log', async () => [true, await auditLog()]);
  const slot = yield* tried('slot', async () => {
    const named = await context.slot(environment);
    return [named, well('slot', `${named.service} in ${named.environment}`)];
  });
  if (!slot) return;
  const ledger = { client, slot, signal: context.signal };
  yield* slotFindings(ledger);
  const settings = file?.environments.includes(slot.environment) ? file.slot(slot.environment) : null;
  yield* tried('hosts', async () => [true, await hostsFinding(ledger, settings)]);
  yield* tried('gate', async () => [true, await gateFinding(ledger, settings)]);
  if (file && settings !== null) yield* hostFindings(settings, file.path);
}

/** What was found, and the finding; undefined with why it could not be found. */
async function* tried<Found>(
  what: string,
  find: () => Promise<readonly [Found, Finding]>,
): AsyncGenerator<Finding, Found | undefined> {
  try {
    const [found, finding] = await find();
    yield finding;
    return found;
  } catch (error) {
    const { message, why, mend } = failureOf(error);
    yield wrong(what, [message, why].filter(Boolean).join(' '), mend);
    return undefined;
  }
}

const ALLOWED_SKEW_MS = 5000;

/** The clocks too: heartbeats, freezes and sequence keys are times. `Date` has whole seconds. */
async function reaches({ url, signal }: Context): Promise<Finding> {
  const sentMs = Date.now();
  const answer = await fetch(`${withoutSlash(url)}/readyz`, {
    signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
  }).catch((error: Error) => error);
  if (answer instanceof Error) {
    const why = (answer.cause as Error | undefined)?.message ?? answer.message;
    return wrong(
      'Plimsoll',
      `${url} cannot be reached: ${why}`,
      'See that PLIMSOLL_URL is right and that Plimsoll runs',
    );
  }
  await answer.body?.cancel();
  if (!answer.ok)
    return wrong('Plimsoll', `${url} is not ready (${answer.status})`, 'Look into its log and its /health');
  const midMs = (sentMs + Date.now()) / 2;
  const skewMs = midMs - (Date.parse(answer.headers.get('date') ?? '') || midMs);
  if (Math.abs(skewMs) < ALLOWED_SKEW_MS) return well('Plimsoll', `${url} is ready, and its clock is this one's`);
  const way = skewMs > 0 ? 'ahead of' : 'behind';
  const detail = `${url} is ready; this clock is ${Math.round(Math.abs(skewMs) / 1000)} s ${way} it`;
  return doubtful('Plimsoll', detail, 'Set the clocks by NTP');
}

const mayDeploy = new Set(['deployer', 'operator', 'admin']);

async function tokenFinding(client: PlimsollClient, signal: AbortSignal): Promise<readonly [PlimsollClient, Finding]> {
  const { data, error, response } = await client.GET('/v1/tokens/current', { signal });
  if (!data) throw ProblemError.of(response, error);
  const { name, role, service } = data;
  const detail = `${name}, ${role}${service === null ? '' : ` of ${service} alone`}`;
  if (mayDeploy.has(role)) return [client, well('token', detail)];
  return [client, doubtful('token', detail, 'To deploy takes a token with the role deployer')];
}
