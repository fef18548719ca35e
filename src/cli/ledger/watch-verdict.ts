import { answered, type PlimsollClient, type Schemas } from '../../client/plimsoll-client.js';
import { CommandFailure } from '../command-failure.js';
import type { Ending } from '../exit-codes.js';
import type { Output } from '../output/output.js';
import { bold, dim, stateText } from '../output/text.js';

type Verdict = Schemas['Verdict'];
type Told = Verdict & { readonly type: 'verdict'; readonly deployment: string };

interface Watched {
  readonly id: string;
  readonly client: PlimsollClient;
  readonly output: Output;
  readonly signal: AbortSignal;
}

/** How often one who looks sees something new. */
const LIVE_WAIT_SECONDS = 1;
const PLAIN_WAIT_SECONDS = 20;

/** Shows the gate at work until the verdict falls. Interrupted, it says that the gate goes on. */
export async function watchVerdict({ id, client, output, signal }: Watched): Promise<Verdict> {
  try {
    for (let wait = 0; ; wait = output.isLive ? LIVE_WAIT_SECONDS : PLAIN_WAIT_SECONDS) {
      const params = { path: { id }, query: { wait } };
      const verdict = await answered(client.GET('/v1/deployments/{id}/verdict', { params, signal }));
      const event: Told = { type: 'verdict', deployment: id, ...verdict };
      if (verdict.verdict !== 'pending') {
        output.tell(event, verdictLines);
        return verdict;
      }
      output.show(event, { live: verdictLines, plain: plainLine });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    const isLate = (signal.reason as Error | undefined)?.name === 'TimeoutError';
    throw new CommandFailure(isLate ? 'timedOut' : 'interrupted', isLate ? 'The time is up.' : 'Interrupted.', {
      why: `The gate of deployment ${id} goes on without you, and so does the deployment.`,
      mend: `plimsoll verdict --wait --deployment ${id}`,
      cause: error,
    });
  }
}

export function verdictLines({ deployment, verdict, state, progress, reasons, rollbackTo }: Told): string[] {
  const bar = progress.planned > 0 && verdict === 'pending' ? [`  ${barOf(progress.done, progress.planned)}`] : [];
  return [
    `${bold(stateText(verdict))} ${dim(`${state}, deployment ${deployment}`)}`,
    ...bar,
    ...reasons.map(reasonLine),
    ...(verdict === 'rollback'
      ? [`  back to ${rollbackTo ? rollbackTo.version : 'nothing: no release is known good'}`]
      : []),
  ];
}

function plainLine({ state, progress }: Told): string {
  const { done, planned } = progress;
  return planned === 0 ? `pending: ${state}` : `pending: ${state}, ${done} of ${planned} measurements`;
}

function reasonLine({ code, check, host, detail }: Schemas['Reason']): string {
  const where = [check, host && `on ${host}`].filter(Boolean).join(' ');
  return `  ${code}${where ? ` (${where})` : ''}: ${detail}`;
}

const BAR_WIDTH = 24;

export function barOf(done: number, planned: number): string {
  const full = Math.min(BAR_WIDTH, Math.floor((done / planned) * BAR_WIDTH));
  return `${'█'.repeat(full)}${'░'.repeat(BAR_WIDTH - full)} ${done} of ${planned} measurements`;
}

const endings: Readonly<Record<Verdict['verdict'], Ending>> = {
  promote: 'promoted',
  hold: 'onHold',
  rollback: 'notHealthy',
  none: 'error',
  // Asked without waiting: there is no answer yet.
  pending: 'timedOut',
};

/** What a verdict ends the command with. `isBack` asks whether the slot runs again what it is to go back to. */
export async function endingOf(verdict: Verdict, isBack: () => Promise<boolean>): Promise<Ending> {
  if (verdict.verdict === 'rollback' && (await isBack())) return 'rolledBack';
  if (verdict.state === 'superseded') return 'refused';
  return endings[verdict.verdict];
}
