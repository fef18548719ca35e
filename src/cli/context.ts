import { access } from 'node:fs/promises';
import type { PlimsollClient } from '../client/plimsoll-client.js';
import { CommandFailure } from './command-failure.js';
import type { Interruption } from './interruption.js';
import type { Output } from './output/output.js';
import type { ReadFile } from './plimsoll-file/read-plimsoll-file.js';
import { retryForMs, tokenSource, urlOf } from './settings.js';

/** What every command can be told. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly url?: string;
  readonly file?: string;
  readonly service?: string;
  readonly timeout?: number;
}

export interface SlotName {
  readonly service: string;
  readonly environment: string;
}

const DEFAULT_FILE = 'plimsoll.yml';

/** What a command works with. */
export class Context {
  private read: Promise<ReadFile | null> | null = null;

  constructor(
    readonly output: Output,
    /** Aborts with a signal, and when the time of `--timeout` is up. */
    readonly signal: AbortSignal,
    readonly options: CommonOptions,
    private readonly interruption: Interruption,
    private readonly environment: Readonly<Record<string, string | undefined>> = process.env,
  ) {}

  get url(): string {
    return urlOf(this.options.url, this.environment);
  }

  /** For what talks to Plimsoll on its own. */
  get token(): () => string | Promise<string> {
    return tokenSource(this.environment);
  }

  /** Nothing but kill -9 ends the process while this goes on; `signal` aborts all the same. */
  unbroken<Value>(work: () => Promise<Value>): Promise<Value> {
    return this.interruption.unbroken(work);
  }

  /** Loaded when it is first wanted. */
  async client(retryMs = retryForMs(this.environment)): Promise<PlimsollClient> {
    const { createPlimsollClient } = await import('../client/plimsoll-client.js');
    const onRetry = (why: string) => this.note(`${why}; trying again`);
    const { token } = this;
    return createPlimsollClient({ url: this.url, token, userAgent: 'plimsoll-cli', onRetry, retryForMs: retryMs });
  }

  /** `plimsoll.yml`, or the file that was named; null if none was named and none is there. */
  file(): Promise<ReadFile | null> {
    return (this.read ??= this.readFile());
  }

  async fileOrFail(): Promise<ReadFile> {
    const file = await this.file();
    if (file) return file;
    throw new CommandFailure('usage', `There is no ${DEFAULT_FILE} here.`, {
      mend: 'Name one with --file, or make one: plimsoll init',
    });
  }

  private async readFile(): Promise<ReadFile | null> {
    const path = this.options.file ?? DEFAULT_FILE;
    const isThere = await access(path).then(
      () => true,
      () => false,
    );
    if (!isThere && this.options.file === undefined) return null;
    if (!isThere) throw new CommandFailure('usage', `There is no file ${path}.`);
    const { readPlimsollFile } = await import('./plimsoll-file/read-plimsoll-file.js');
    return readPlimsollFile(path);
  }

  async service(): Promise<string> {
    const service = this.options.service ?? (await this.file())?.file.service;
    if (service !== undefined) return service;
    throw new CommandFailure('usage', 'It is not said which service is meant.', {
      mend: `Give --service NAME, or run this beside a ${DEFAULT_FILE}.`,
    });
  }

  /** The slot of an environment; of the only one in the file unless it is named. */
  async slot(environment: string | undefined): Promise<SlotName> {
    const service = await this.service();
    if (environment !== undefined) return { service, environment };
    const known = (await this.file())?.environments ?? [];
    if (known.length === 1 && known[0] !== undefined) return { service, environment: known[0] };
    const mend = known.length > 1 ? `There are: ${known.join(', ')}` : 'Name it: plimsoll status production';
    throw new CommandFailure('usage', 'It is not said which environment is meant.', { mend });
  }

  /** For people alone. */
  note(text: string): void {
    if (!this.output.isJson) this.output.tellError({ type: 'note', text }, (event) => [event.text]);
  }
}
