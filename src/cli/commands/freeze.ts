import { answered, type Schemas } from '../../client/plimsoll-client.js';
import { CommandFailure } from '../command-failure.js';
import type { Context } from '../context.js';
import type { Ending } from '../exit-codes.js';
import { dim, relative, table } from '../output/text.js';
import { freezeText } from './status.js';

type Planned = Schemas['PlannedFreeze'];
type Weekly = NonNullable<Planned['weekly']>;

interface AddOptions {
  readonly reason: string;
  readonly from?: string;
  readonly to?: string;
  readonly for?: number;
  readonly weekly?: string[];
  readonly between?: string;
  readonly timeZone?: string;
}

/** `plimsoll freeze add [environment]`: of the one service that is named, or of all. */
export async function addFreeze(context: Context, options: AddOptions, environment?: string): Promise<Ending> {
  const client = await context.client();
  const subject = {
    environment: environment ?? null,
    service: context.options.service ?? null,
    reason: options.reason,
  };
  const body = { ...subject, ...(options.weekly ? { weekly: weeklyOf(options.weekly, options) } : windowOf(options)) };
  const freeze = await answered(client.POST('/v1/freezes', { body, signal: context.signal }));
  context.output.tell({ type: 'freeze', ...freeze }, (event) => [`frozen: ${times(event)} ${dim(event.id)}`]);
  return 'promoted';
}

function windowOf({ from, to, for: lengthMs, between, timeZone }: AddOptions): { from: string; to: string } {
  if (between !== undefined || timeZone !== undefined) throw wrong('--between and --time-zone belong to --weekly.');
  if ((to === undefined) === (lengthMs === undefined))
    throw wrong('Give --to TIME or --for DURATION, and one of them.');
  const begin = from ?? new Date().toISOString();
  if (Number.isNaN(Date.parse(begin))) throw wrong(`--from ${begin} is no time: 2026-12-24T00:00:00Z`);
  return { from: begin, to: to ?? new Date(Date.parse(begin) + (lengthMs ?? 0)).toISOString() };
}

function weeklyOf(days: string[], { between, timeZone, from, to, for: length }: AddOptions): Weekly {
  if (from ?? to ?? length) throw wrong('A weekly freeze has times of its own: leave out --from, --to and --for.');
  const [, begin, end] = /^(\d\d:\d\d)-(\d\d:\d\d)$/.exec(between ?? '') ?? [];
  if (begin === undefined || end === undefined) throw wrong('Give --between HH:MM-HH:MM with --weekly.');
  const zone = timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  return { days: days as Weekly['days'], from: begin, to: end, timeZone: zone };
}

const wrong = (what: string): CommandFailure =>
  new CommandFailure('usage', what, { mend: 'plimsoll freeze add --help shows examples of each.' });

/** `plimsoll freeze list [environment]` */
export async function listFreezes(context: Context, _options: object, environment?: string): Promise<Ending> {
  const client = await context.client();
  const { signal } = context;
  const { service } = context.options;
  const filter = { ...(environment && { environment }), ...(service && { service }) };
  const { items } = await answered(client.GET('/v1/freezes', { params: { query: { ...filter, limit: 200 } }, signal }));
  if (context.output.isJson) for (const each of items) context.output.tell({ type: 'freeze', ...each }, () => []);
  else context.output.tell({ type: 'freezes', items }, (event) => freezeLines(event.items));
  if (environment === undefined) return 'promoted';
  const params = { path: { environment }, query: service === undefined ? {} : { service } };
  const now = await answered(client.GET('/v1/environments/{environment}/freeze', { params, signal }));
  context.output.tell({ type: 'frozen', environment, ...now }, (event) => [
    `now in ${environment}: ${freezeText(event)}`,
  ]);
  return 'promoted';
}

function freezeLines(items: readonly Planned[]): string[] {
  if (items.length === 0) return ['No freeze is planned.'];
  const rows = items.map((each) => [
    each.environment ?? 'all',
    each.service ?? 'all',
    times(each),
    each.reason,
    each.actor,
    dim(each.id),
  ]);
  return table([['environment', 'service', 'when', 'why', 'by', dim('id')], ...rows]);
}

function times({ from, to, weekly }: Planned): string {
  if (weekly) return `${weekly.days.join(', ')} ${weekly.from}–${weekly.to} ${weekly.timeZone}`;
  return `${from} to ${to} (ends ${relative(to)})`;
}

/** `plimsoll freeze remove ID` */
export async function removeFreeze(context: Context, _options: object, id: string): Promise<Ending> {
  const client = await context.client();
  await answered(client.DELETE('/v1/freezes/{id}', { params: { path: { id } }, signal: context.signal }));
  context.output.tell({ type: 'removed', id }, () => ['removed']);
  return 'promoted';
}
