import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { clone } from '../scripts/clone.mjs';
import { program, treeFiles } from './command.ts';
import { Fault } from './fault.ts';

const shebang = /^#! ?\/\S*[/ ](?:ba|da|k)?sh\b/;
/** As much of a file as its first line may need. */
const BEGINNING_BYTES = 128;

/** Every program for a shell, whatever its name: most have no ending. */
export async function shellIsSound(): Promise<void> {
  const paths = await treeFiles();
  const beginnings = await Promise.all(paths.map(beginningOf));
  const programs = paths.filter((path, index) => isShellProgram(path, beginnings[index] ?? ''));
  if (programs.length === 0) throw new Fault('No program was found: this check does not see the tree.');
  await program('shellcheck', ...programs);
}

export function isShellProgram(path: string, beginning: string): boolean {
  return path.endsWith('.sh') || shebang.test(beginning);
}

async function beginningOf(path: string): Promise<string> {
  // A link to a folder, or a file that was deleted and not committed yet.
  const file = await open(join(clone, path)).catch(() => null);
  try {
    const { buffer, bytesRead } = (await file?.read(Buffer.alloc(BEGINNING_BYTES)).catch(() => null)) ?? {};
    return buffer?.subarray(0, bytesRead).toString('latin1') ?? '';
  } finally {
    await file?.close();
  }
}
