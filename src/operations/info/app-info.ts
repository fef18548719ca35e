import { readFileSync } from 'node:fs';
import type { Settings } from '../config/settings.js';
import { ok } from '../listener/ops-answers.js';
import type { OpsRoute } from '../listener/ops-routes.js';

const { name, version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
  name: string;
  version: string;
};

/** What runs here: shown by `/info`, and by metrics. */
export class AppInfo {
  readonly startedAt = new Date(performance.timeOrigin);
  readonly #contributions = new Map<string, () => unknown>();

  constructor(
    private readonly settings: Settings,
    readonly configHash: string,
  ) {}

  /** Adds a member, such as `schemaVersion`, whose value is asked for at every request and must be at hand. */
  contribute(member: string, value: () => unknown): void {
    this.#contributions.set(member, value);
  }

  labels() {
    return { version, git_sha: this.settings.gitSha ?? 'unknown', node: process.versions.node };
  }

  routes(): OpsRoute[] {
    return [{ method: 'GET', path: '/info', access: 'open', answer: () => ok(this.#describe()) }];
  }

  #describe() {
    const { gitSha = null, buildTime = null, imageDigest = null } = this.settings;
    const contributed = [...this.#contributions].map(([member, value]) => [member, value()]);
    return {
      name,
      version,
      gitSha,
      buildTime,
      imageDigest,
      node: process.versions.node,
      startedAt: this.startedAt,
      configHash: this.configHash,
      schemaVersion: null,
      ...Object.fromEntries(contributed),
    };
  }
}
