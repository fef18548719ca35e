import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { applicationFile } from '../application-file.js';
import type { SettingFault } from './invalid-settings.js';
import {
  isClientVariable,
  isKnownVariable,
  isMultiline,
  isSecret,
  isServiceLink,
  nearMissOf,
  type SettingKey,
  settingKeys,
  variableOf,
} from './setting-names.js';
import { settingsSchema } from './settings.js';

/** The source of a value: `file` is `config/<APP_ENV>.env`, `secret` is the file that `NAME_FILE` names. */
export type SettingSource = 'default' | 'file' | 'environment' | 'secret';

export interface RawSetting {
  source: SettingSource;
  text?: string;
}

export type RawSettings = Record<SettingKey, RawSetting>;

/** No secret is longer. A longer file is the wrong file. */
const MOST_SECRET_BYTES = 64 * 1024;
const LINE_END = /[\r\n]/g;
/** Line ends and control characters within the value, and bytes that are not UTF-8. */
const NO_LINE_OF_TEXT = /[\p{Cc}\ufffd]/u;

const configDirectory = applicationFile('config/');

/** Empty counts as unset: compose files cannot leave a variable out. */
function given(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

/** The text and the source of every setting. A setting that cannot be read is added to the faults. */
export function gatherSettings(environment: NodeJS.ProcessEnv, faults: SettingFault[]): RawSettings {
  const file = readConfigFile(fromEnvironment('APP_ENV', environment, [])?.text ?? 'development', faults);
  const entries = settingKeys.map((key) => {
    const variable = variableOf(key);
    return [key, fromEnvironment(variable, environment, faults) ?? fromFile(variable, file)] as const;
  });
  return Object.fromEntries(entries) as RawSettings;
}

function fromEnvironment(
  variable: string,
  environment: NodeJS.ProcessEnv,
  faults: SettingFault[],
): RawSetting | undefined {
  const text = given(environment[variable]);
  const path = given(environment[`${variable}_FILE`]);
  if (text !== undefined && path !== undefined) {
    faults.push({ name: variable, problem: `is given twice: by ${variable} and by ${variable}_FILE` });
  }
  if (path !== undefined) return readSecret(variable, path, faults);
  return text === undefined ? undefined : { source: 'environment', text };
}

function fromFile(variable: string, file: NodeJS.Dict<string>): RawSetting {
  const text = given(file[variable]);
  return text === undefined ? { source: 'default' } : { source: 'file', text };
}

function readSecret(variable: string, path: string, faults: SettingFault[]): RawSetting {
  try {
    const text = readAtMost(path, MOST_SECRET_BYTES + 1)
      .toString()
      .trim();
    const problem = problemOfSecret(text, isMultiline(variable));
    if (problem === undefined) return { source: 'secret', text };
    faults.push({ name: `${variable}_FILE`, problem: `points to ${problem}: ${shown(path)}` });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    faults.push({ name: `${variable}_FILE`, problem: `cannot be read (${code}): ${shown(path)}` });
  }
  return { source: 'secret' };
}

/** Do not quote the path: it may be the secret itself, entered by mistake. */
function shown(path: string): string {
  return isAbsolute(path) ? path : 'it is not an absolute path';
}

function problemOfSecret(text: string, hasLines: boolean): string | undefined {
  if (text === '') return 'an empty file';
  if (text.length > MOST_SECRET_BYTES) return `a file of more than ${MOST_SECRET_BYTES / 1024} KiB`;
  const line = hasLines ? text.replaceAll(LINE_END, '') : text;
  return NO_LINE_OF_TEXT.test(line) ? 'a file that holds more than one line of text' : undefined;
}

/** Reads a bounded part, because some files have no end. */
function readAtMost(path: string, bytes: number): Buffer {
  const [file, buffer] = [openSync(path, 'r'), Buffer.alloc(bytes)];
  try {
    let length = 0;
    for (let read = -1; read !== 0 && length < bytes; length += read) {
      read = readSync(file, buffer, length, bytes - length, null);
    }
    return buffer.subarray(0, length);
  } finally {
    closeSync(file);
  }
}

function readConfigFile(appEnv: string, faults: SettingFault[]): NodeJS.Dict<string> {
  if (!settingsSchema.shape.appEnv.safeParse(appEnv).success) return {};
  const path = fileURLToPath(new URL(`${appEnv}.env`, configDirectory));
  const values = parseEnv(readFileSync(path, 'utf8'));
  for (const variable of Object.keys(values)) {
    const key = settingKeys.find((candidate) => variableOf(candidate) === variable);
    if (!key) faults.push({ name: variable, problem: `in ${path} is not a setting` });
    else if (isSecret(key)) faults.push({ name: variable, problem: `is a secret and must not stand in ${path}` });
  }
  return values;
}

/** Unknown names that look like settings of this program: a typo without a warning costs a night. */
export function misspeltVariables(environment: NodeJS.ProcessEnv): SettingFault[] {
  return Object.entries(environment)
    .filter(([variable, value]) => !isKnownVariable(variable) && !isServiceLink(variable, value))
    .filter(([variable]) => !isClientVariable(variable))
    .map(([variable]) => ({ variable, meant: nearMissOf(variable) }))
    .filter(({ variable, meant }) => meant !== undefined || variable.startsWith('PLIMSOLL_'))
    .map(({ variable, meant }) => ({
      name: variable,
      problem: `is not a setting${meant === undefined ? '' : `; did you mean ${meant}?`}`,
    }));
}
