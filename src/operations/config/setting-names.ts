import { type Settings, settingNotes, settingsSchema } from './settings.js';

export type SettingKey = keyof Settings;

export const settingKeys = Object.keys(settingsSchema.shape) as SettingKey[];

/** `databaseUrl` is set by `DATABASE_URL`. */
export function variableOf(key: SettingKey): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

export function isSecret(key: SettingKey): boolean {
  return settingNotes.get(settingsSchema.shape[key])?.secret === true;
}

const variables = settingKeys.map(variableOf);
const knownVariables = new Set(variables.flatMap((variable) => [variable, `${variable}_FILE`]));

export function isKnownVariable(variable: string): boolean {
  return knownVariables.has(variable);
}

/** The setting that somebody who wrote this name most likely meant. */
export function nearMissOf(variable: string): string | undefined {
  const plain = comparable(variable);
  return [...knownVariables].find((known) => {
    const target = comparable(known);
    return plain === target || distance(plain, target) <= toleranceFor(target);
  });
}

/** Short names are a letter away from too many innocent ones: PORT and SORT. */
function toleranceFor(name: string): number {
  if (name.length < 6) return 0;
  return name.length < 9 ? 1 : 2;
}

function comparable(variable: string): string {
  return variable
    .toUpperCase()
    .replace(/^PLIMSOLL_/, '')
    .replaceAll(/[^A-Z0-9]/g, '');
}

/** Letters to insert, remove, replace or swap with their neighbour (optimal string alignment). */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return Number.POSITIVE_INFINITY;
  const rows = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (let i = 1; i <= a.length; i++) rows.push(nextRow(a, b, i, rows));
  return rows[a.length]![b.length]!;
}

function nextRow(a: string, b: string, i: number, rows: number[][]): number[] {
  const above = rows[i - 1]!;
  const row = [i];
  for (let j = 1; j <= b.length; j++) {
    const replaced = above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
    const swapped =
      i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? rows[i - 2]![j - 2]! + 1 : Infinity;
    row.push(Math.min(above[j]! + 1, row[j - 1]! + 1, replaced, swapped));
  }
  return row;
}
