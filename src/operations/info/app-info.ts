import { readFileSync } from 'node:fs';
import { Inject, Injectable } from '@nestjs/common';
import { applicationFile } from '../application-file.js';
import { CONFIGURATION, type Configuration } from '../config/load-settings.js';

const { name, version } = JSON.parse(readFileSync(applicationFile('package.json'), 'utf8')) as {
  name: string;
  version: string;
};

/** The running program: shown by `/info`, and by metrics. */
@Injectable()
export class AppInfo {
  readonly startedAt = new Date(performance.timeOrigin);
  readonly #contributions = new Map<string, () => unknown>();

  constructor(@Inject(CONFIGURATION) private readonly configuration: Configuration) {}

  get configHash(): string {
    return this.configuration.hash;
  }

  /** The name of this build for an error tracker. */
  get release(): string {
    const { gitSha } = this.configuration.settings;
    return `${name}@${version}${gitSha === undefined ? '' : `+${gitSha.slice(0, 12)}`}`;
  }

  /** Adds a member, such as `schemaVersion`. Its value is read for every request and must be available immediately. */
  contribute(member: string, value: () => unknown): void {
    this.#contributions.set(member, value);
  }

  labels() {
    return { version, git_sha: this.configuration.settings.gitSha ?? 'unknown', node: process.versions.node };
  }

  describe(): object {
    const { gitSha = null, buildTime = null, imageDigest = null } = this.configuration.settings;
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
