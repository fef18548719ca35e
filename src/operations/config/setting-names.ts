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

/** Whether the file of a setting may have more than one line, by the name of its variable. */
export function isMultiline(variable: string): boolean {
  return settingKeys.some(
    (key) => variableOf(key) === variable && settingNotes.get(settingsSchema.shape[key])?.multiline === true,
  );
}

const variables = settingKeys.map(variableOf);
const knownVariables = new Set(variables.flatMap((variable) => [variable, `${variable}_FILE`]));

export function isKnownVariable(variable: string): boolean {
  return knownVariables.has(variable);
}

/**
 * Variables that a Kubernetes Service adds to every pod of its namespace, unless the pod sets
 * `enableServiceLinks: false`. The Service of Plimsoll itself adds `PLIMSOLL_SERVICE_HOST` and
 * `PLIMSOLL_PORT_3000_TCP_ADDR`.
 */
const serviceLink =
  /_(?:SERVICE_HOST|SERVICE_PORT(?:_[A-Z0-9_]{1,15})?|PORT_\d{1,5}_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)$/;
/** `PLIMSOLL_PORT` is a service link only with such a value. With a number, the author meant `PORT`. */
const linkedPort = /^(?:tcp|udp|sctp):\/\//;

export function isServiceLink(variable: string, value = ''): boolean {
  return serviceLink.test(variable) || (variable.endsWith('_PORT') && linkedPort.test(value));
}

/** Variables of API clients. They are no fault in an environment that a client shares with a server. */
const clientVariables = new Set(['PLIMSOLL_URL', 'PLIMSOLL_TOKEN']);

export function isClientVariable(variable: string): boolean {
  return clientVariables.has(variable);
}

const comparables = new Map([...knownVariables].map((known) => [known, comparable(known)]));

/** The setting that the author of this name most likely meant. */
export function nearMissOf(variable: string): string | undefined {
  const plain = comparable(variable);
  const near = [...comparables].find(
    ([, target]) => plain === target || distance(plain, target) <= toleranceFor(target),
  );
  return near?.[0];
}

/** A short name differs by one letter from many other words: PORT and SORT. */
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
