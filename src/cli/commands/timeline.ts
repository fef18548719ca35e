import { answered, type Schemas } from '../../client/plimsoll-client.js';
import type { Context } from '../context.js';
import type { Ending } from '../exit-codes.js';
import { nextCursor } from '../ledger/pages.js';
import { dim, table } from '../output/text.js';

type Entry = Schemas['AuditEntry'];

interface TimelineOptions {
  readonly since: number;
  readonly from?: string;
  readonly to?: string;
  readonly limit: number;
}

const PAGE = 200;
const MOST_CHANGES = 4;
const MOST_OF_A_VALUE = 60;

/** `plimsoll timeline`: what happened, in its order, by the audit log. The newest, where there is more than it may have. */
export async function timeline(context: Context, { since, from, to, limit }: TimelineOptions): Promise<Ending> {
  const client = await context.client();
  const range = { from: from ?? new Date(Date.now() - since).toISOString(), ...(to && { to }) };
  const newestFirst: Entry[] = [];
  let cursor: string | undefined;
  do {
    const query = { ...range, limit: Math.min(PAGE, limit - newestFirst.length), ...(cursor && { cursor }) };
    const call = client.GET('/v1/audit', { params: { query }, signal: context.signal });
    newestFirst.push(...(await answered(call)).items);
    cursor = nextCursor((await call).response);
  } while (cursor !== undefined && newestFirst.length < limit);
  const entries = newestFirst.toReversed();
  if (context.output.isJson) for (const each of entries) context.output.tell({ type: 'entry', ...each }, () => []);
  else context.output.tell({ type: 'timeline', items: entries }, ({ items }) => timelineLines(items));
  if (cursor !== undefined) context.note(`There is more before it: --limit has ${limit}.`);
  return 'promoted';
}

function timelineLines(entries: readonly Entry[]): string[] {
  if (entries.length === 0) return ['Nothing happened.'];
  return table(
    entries.map(({ at, actor, action, subject, ...change }) => [at, actor, action, subject, changeText(change)]),
  );
}

/** `state: verifying → rejected`; of what was there before and is there after only what differs. */
function changeText({ before, after }: Pick<Entry, 'before' | 'after'>): string {
  const names = Object.keys({ ...before, ...after });
  const changed = names.filter((name) => JSON.stringify(before?.[name]) !== JSON.stringify(after?.[name]));
  const told = changed.slice(0, MOST_CHANGES).map((name) => {
    const was = before?.[name] === undefined || before[name] === null ? '' : `${valueText(before[name])} → `;
    return `${name}: ${was}${valueText(after?.[name])}`;
  });
  return dim(told.join(', ') + (changed.length > MOST_CHANGES ? ', …' : ''));
}

function valueText(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  return text.length > MOST_OF_A_VALUE ? `${text.slice(0, MOST_OF_A_VALUE)}…` : text;
}
