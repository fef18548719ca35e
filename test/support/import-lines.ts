import { createHash } from 'node:crypto';
import type { Answer, TestApplication } from './application.js';
import { digestOf } from './fixtures.js';

const DAY_MS = 24 * 60 * 60_000;

/** A time of the past, so many days ago, to the millisecond the same in all of a test. */
const NOW = Date.now();
export const daysAgo = (days: number): string => new Date(NOW - days * DAY_MS).toISOString();

export function releaseLine(service: string, version: string, overrides: object = {}) {
  const gitSha = createHash('sha1').update(version).digest('hex');
  const commits = [{ sha: gitSha, committedAt: daysAgo(50) }];
  return {
    type: 'release',
    service,
    digest: digestOf(version),
    version,
    gitSha,
    builtAt: daysAgo(49),
    commits,
    ...overrides,
  };
}

export interface ImportedSlot {
  readonly service: string;
  readonly environment: string;
}

/** A promoted deployment of that version, so many days ago, within minutes. */
export function deploymentLine(
  slot: ImportedSlot,
  externalId: string,
  version: string,
  days: number,
  overrides: object = {},
) {
  const { service, environment } = slot;
  const minutes = (count: number) => new Date(Date.parse(daysAgo(days)) + count * 60_000).toISOString();
  const times = { createdAt: minutes(0), deployedAt: minutes(5), finishedAt: minutes(15) };
  const told = { kind: 'deploy', state: 'promoted', ...times, remediatesExternalId: null };
  return { type: 'deployment', externalId, service, environment, digest: digestOf(version), ...told, ...overrides };
}

export function incidentLine(slot: ImportedSlot, fingerprint: string, startsAt: string, overrides: object = {}) {
  const { service, environment } = slot;
  const told = { startsAt, endsAt: startsAt, labels: { alertname: 'Slow' }, deploymentExternalId: null };
  return { type: 'incident', fingerprint, service, environment, ...told, ...overrides };
}

/** Strings are sent as they are, everything else as a line of JSON. */
export const linesOf = (lines: readonly (object | string)[]): string =>
  lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('');

/** Sends lines to `POST /v1/imports`. */
export function importInto(
  app: TestApplication,
  lines: readonly (object | string)[] | string,
  token: string | null = app.tokens.admin,
): Promise<Answer> {
  const body = typeof lines === 'string' ? lines : linesOf(lines);
  return app.request('POST', '/v1/imports', { token, body, headers: { 'content-type': 'application/x-ndjson' } });
}
