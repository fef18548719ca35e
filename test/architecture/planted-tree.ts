import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** A folder that is set up as this one, with these files instead of ours. */
export async function plantTree(files: Record<string, string>): Promise<{ folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-planted-'));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const file of ['tsconfig.json', 'package.json', '.oxlintrc.json', 'ops/lint/dependency-cruiser.cjs']) {
    await cp(join(root, file), join(folder, file));
  }
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return { folder, remove: () => rm(folder, { recursive: true }) };
}

/** What a checker prints, whatever its exit code. */
export function printedBy(folder: string, program: string, ...args: string[]): Promise<string> {
  const path = join(root, 'node_modules', '.bin', program);
  return new Promise((resolve) => {
    execFile(path, args, { cwd: folder, maxBuffer: 2 ** 26 }, (_error, stdout) => resolve(stdout));
  });
}
