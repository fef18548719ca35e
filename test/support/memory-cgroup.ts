import { mkdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where the memory of a group of processes can be limited, by version of cgroups; the first that works is taken. */
const kinds = [
  { root: '/sys/fs/cgroup', limit: 'memory.max', controllers: 'cgroup.subtree_control' },
  { root: '/sys/fs/cgroup/memory', limit: 'memory.limit_in_bytes', controllers: null },
] as const;

/** A limit that the kernel holds a process to. */
export interface MemoryCgroup {
  /** Once the process has ended. */
  remove(): Promise<void>;
}

/** Puts a process under a limit, or answers null where this user may not: no root, or cgroups that are read-only. */
export async function limitMemory(pid: number, bytes: number): Promise<MemoryCgroup | null> {
  for (const { root, limit, controllers } of kinds) {
    const group = join(root, `plimsoll-test-${pid}`);
    try {
      if (controllers !== null && !(await readFile(join(root, controllers), 'utf8')).includes('memory')) continue;
      await mkdir(group);
      await writeFile(join(group, limit), String(bytes));
      await writeFile(join(group, 'cgroup.procs'), String(pid));
      return { remove: () => rmdir(group) };
    } catch {
      await rmdir(group).catch(() => undefined);
    }
  }
  return null;
}
