import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clone } from '../scripts/clone.mjs';
import { treeFiles } from './command.ts';
import { assertNone } from './fault.ts';

const patterns: Record<string, RegExp> = {
  'a Plimsoll token': /\bplm_[A-Za-z0-9_-]{43}\b/,
  'a private key': /-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/=]{60}/,
  'a key of AWS': /\b(AKIA|ASIA)[A-Z0-9]{16}\b/,
  'a token of GitHub': /\b(gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{60,})\b/,
  'a token of npm': /\bnpm_[A-Za-z0-9]{36}\b/,
  'a token of Slack': /\bxox[abprs]-[A-Za-z0-9-]{10,}/,
  'a JSON web token': /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/,
};

/** Of the shapes that can be told from text: nothing secret is in the tree. */
export async function treeHoldsNoSecrets(): Promise<void> {
  const files = await treeFiles();
  const found = await Promise.all(files.map(secretsIn));
  assertNone('Take these out, and change them wherever they are valid', found.flat());
}

async function secretsIn(file: string): Promise<string[]> {
  const text = await readFile(join(clone, file), 'utf8').catch(() => '');
  return secretsOf(text).map((name) => `${file} holds ${name}`);
}

export function secretsOf(text: string): string[] {
  return Object.entries(patterns)
    .filter(([, pattern]) => pattern.test(text))
    .map(([name]) => name);
}
