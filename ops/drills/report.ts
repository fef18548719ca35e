import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clone } from '../scripts/clone.mjs';
import { type Drill, defaultFactor, isDrill } from './drill.ts';
import { drills } from './drills.ts';
import type { DrillTimes } from './run-drill.ts';
import { runbookPath } from './runbook.ts';

const file = join(clone, 'docs/runbooks/drills.json');

/** What came of the last drill of an alert. */
export interface DrillRecord extends DrillTimes {
  readonly on: string;
  readonly factor: number;
  /** From the fault to the alert in Alertmanager, in seconds, when the rules were those of production. */
  readonly production?: { readonly on: string; readonly detect: number };
}

export type DrillRecords = Record<string, DrillRecord>;

export async function readRecords(): Promise<DrillRecords> {
  return JSON.parse(await readFile(file, 'utf8').catch(() => '{}')) as DrillRecords;
}

/** Into the report, and into the line of the runbook. */
export async function record({ alert, factor = defaultFactor }: Drill, times: DrillTimes): Promise<void> {
  const on = new Date().toISOString().slice(0, 10);
  const before = await readRecords();
  const records = { ...before, [alert]: merged(before[alert], { on, factor, ...times }) };
  const sorted = Object.fromEntries(Object.entries(records).toSorted(([one], [other]) => (one < other ? -1 : 1)));
  await writeFile(file, `${JSON.stringify(sorted, null, 2)}\n`);
  const page = join(clone, runbookPath(alert));
  const text = await readFile(page, 'utf8');
  await writeFile(page, text.replace(/(?<=^## Last drilled\n\n)[^]*$/m, `${lastDrilled(alert, records)}\n`));
}

/** A drill with the rules of production adds to what a quicker one found, and the other way round. */
export function merged(before: DrillRecord | undefined, now: DrillRecord): DrillRecord {
  if (now.factor !== 1) return { ...now, ...(before?.production && { production: before.production }) };
  return { ...(before ?? now), production: { on: now.on, detect: now.detect } };
}

/** What the runbook of an alert has to say in its last section. */
export function lastDrilled(alert: string, records: DrillRecords): string {
  const row = drills.find((one) => one.alert === alert);
  if (row === undefined) return 'Never.';
  if (!isDrill(row)) return `Never: ${row.because}`;
  const last = records[alert];
  if (last === undefined) return 'Never.';
  const { on, detect, recover, resolve, factor } = last;
  return (
    `${on}: the alert was there after ${detect} s, everything healthy ${recover} s after the first command above, the\n` +
    `alert gone after ${resolve} s. Rules ${factor} times as quick; [the report](drills.md) says what that means.`
  );
}
