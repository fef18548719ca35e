import { createRequire } from 'node:module';
import { type Logger, type LoggerOptions, pino } from 'pino';
import type { Settings } from '../config/settings.js';
import type { Writable } from 'node:stream';
import { LogDestination } from './log-destination.js';
import { type LogLevel, LogLevels } from './log-levels.js';
import { requestContext } from './request-context.js';
import { SecretValues } from './secret-values.js';
import type { TraceIds } from '../tracing/open-spans.js';
import { tracing } from '../tracing/tracing.js';

/** Keys whose values are never logged, in the places where libraries put them. */
const redactedPaths = ['authorization', 'cookie', 'password', 'token', 'secret', 'databaseUrl', 'redisUrl'].flatMap(
  (key) => [key, `headers.${key}`, `req.headers.${key}`, `body.${key}`, `err.${key}`],
);

const INFO = pino.levels.values['info'] ?? 0;

/** `requestId` and `method` need no escaping: we made or validated the first, and Node's parser the second. */
export interface RequestLine {
  requestId: string;
  method: string;
  path: string;
  route: string;
  /** Null if the client went away before there was one. */
  status: number | null;
  durationMs: number;
  isAborted: boolean;
}

/** The only log of the process: JSON on standard output, one line for each event. */
export class ServiceLog {
  readonly logger: Logger;
  readonly levels: LogLevels;
  readonly secrets: SecretValues;
  readonly destination: LogDestination;
  readonly #counts = new Map<number, number>();
  #writtenAt = 0;
  #written = '';

  constructor(settings: Settings, stream: Writable = process.stdout) {
    this.secrets = new SecretValues(settings);
    const format = formatOf(settings);
    this.destination = new LogDestination(stream, (lines) => this.secrets.redact(format(lines)));
    this.levels = new LogLevels(settings.logLevel, (level) => (this.logger.level = level));
    this.logger = pino(
      {
        level: this.levels.least(),
        base: null,
        timestamp: pino.stdTimeFunctions.isoTime,
        formatters: { level: (label) => ({ level: label }) },
        redact: { paths: redactedPaths, censor: '[redacted]' },
        mixin: (_line, level) => this.#countAndName(level),
        hooks: { logMethod: methodOf(this.levels) },
      },
      this.destination,
    );
  }

  /** The number of lines so far. */
  countOf(level: LogLevel): number {
    return this.#counts.get(pino.levels.values[level] ?? 0) ?? 0;
  }

  /** Builds the line by hand: pino needs three times as long, because it cannot know the fields beforehand. */
  writeRequest({ requestId, method, path, route, status, durationMs, isAborted }: RequestLine, ids?: TraceIds): void {
    if (!this.levels.allows('info', 'Request')) return;
    this.#count(INFO);
    const what = `"method":"${method}","path":${JSON.stringify(path)},"route":${JSON.stringify(route)}`;
    const trace = ids ? `"trace_id":"${ids.trace_id}","span_id":"${ids.span_id}",` : '';
    const outcome = `"status":${status},"durationMs":${durationMs.toFixed(1)}${isAborted ? ',"aborted":true' : ''}`;
    this.destination.write(
      `{"level":"info","time":"${this.#now()}","context":"Request","requestId":"${requestId}",${trace}${what},${outcome},"msg":"request"}\n`,
    );
  }

  /**
   * A cache: many requests end in the same millisecond, and formatting a time is the most expensive part of the line.
   */
  #now(): string {
    const now = Date.now();
    if (now !== this.#writtenAt) {
      this.#writtenAt = now;
      this.#written = new Date(now).toISOString();
    }
    return this.#written;
  }

  #count(level: number): void {
    this.#counts.set(level, (this.#counts.get(level) ?? 0) + 1);
  }

  #countAndName(level: number): object {
    this.#count(level);
    const requestId = requestContext.getStore()?.requestId;
    return { ...(requestId !== undefined && { requestId }), ...tracing.spans?.ids() };
  }
}

/** Lines that libraries write to pino without Nest's logger have a context too. */
function methodOf(levels: LogLevels): NonNullable<NonNullable<LoggerOptions['hooks']>['logMethod']> {
  return function judge(this: Logger, args, log, level) {
    const { context } = (args[0] ?? {}) as { context?: string };
    if (levels.allows(pino.levels.labels[level] as LogLevel, context)) log.apply(this, args);
  };
}

/** Pretty only for people: if configured, or on a developer's terminal. */
function formatOf({ logFormat, appEnv }: Settings): (lines: string) => string {
  const isPretty =
    logFormat === 'pretty' || (logFormat === undefined && appEnv === 'development' && process.stdout.isTTY);
  if (!isPretty) return (lines) => lines;
  const { prettyFactory } = createRequire(import.meta.url)('pino-pretty') as typeof import('pino-pretty');
  const format = prettyFactory({ colorize: process.stdout.isTTY, translateTime: 'HH:MM:ss.l' });
  return (lines) => lines.trimEnd().split('\n').map(format).join('');
}
