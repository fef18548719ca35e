import { createRequire } from 'node:module';
import { pino, type Logger } from 'pino';
import type { Settings } from '../config/settings.js';
import type { Writable } from 'node:stream';
import { LogDestination } from './log-destination.js';
import { type LogLevel, LogLevels } from './log-levels.js';
import { requestContext } from './request-context.js';
import { SecretValues } from './secret-values.js';

/** Keys whose values are never logged, at the places where libraries put them. */
const redactedPaths = ['authorization', 'cookie', 'password', 'token', 'secret', 'databaseUrl', 'redisUrl'].flatMap(
  (key) => [key, `headers.${key}`, `req.headers.${key}`, `body.${key}`, `err.${key}`],
);

/** The one log of the process: one line of JSON an event on standard output. */
export class ServiceLog {
  readonly logger: Logger;
  readonly levels: LogLevels;
  readonly secrets: SecretValues;
  readonly destination: LogDestination;
  readonly #counts = new Map<number, number>();

  constructor(settings: Settings, stream: Writable = process.stdout) {
    this.secrets = new SecretValues(settings);
    const format = formatOf(settings);
    this.destination = new LogDestination(stream, (line) => this.secrets.redact(format(line)));
    this.levels = new LogLevels(settings.logLevel, (level) => (this.logger.level = level));
    this.logger = pino(
      {
        level: this.levels.least(),
        base: null,
        timestamp: pino.stdTimeFunctions.isoTime,
        formatters: { level: (label) => ({ level: label }) },
        redact: { paths: redactedPaths, censor: '[redacted]' },
        mixin: (_line, level) => this.#countAndName(level),
      },
      this.destination,
    );
  }

  /** Lines logged so far. */
  countOf(level: LogLevel): number {
    return this.#counts.get(pino.levels.values[level] ?? 0) ?? 0;
  }

  #countAndName(level: number): object {
    this.#counts.set(level, (this.#counts.get(level) ?? 0) + 1);
    return { ...requestContext.getStore() };
  }
}

/** Pretty only for people: when asked for, or on a developer's terminal. */
function formatOf({ logFormat, appEnv }: Settings): (line: string) => string {
  const isPretty =
    logFormat === 'pretty' || (logFormat === undefined && appEnv === 'development' && process.stdout.isTTY);
  if (!isPretty) return (line) => line;
  const { prettyFactory } = createRequire(import.meta.url)('pino-pretty') as typeof import('pino-pretty');
  return prettyFactory({ colorize: process.stdout.isTTY, ignore: 'pid,hostname', translateTime: 'HH:MM:ss.l' });
}
