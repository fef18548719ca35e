import { Inject, Injectable } from '@nestjs/common';
import { Logger, type Params, PARAMS_PROVIDER_TOKEN, PinoLogger } from 'nestjs-pino';
import { UnexpectedErrors } from '../errors/unexpected-errors.js';
import type { LogLevel } from './log-levels.js';
import { ServiceLog } from './service-log.js';

/**
 * The logger of Nest, and of all code that uses Nest's `Logger`. It checks the level here, by context, because the
 * children of a pino logger keep the level with which they were created.
 */
@Injectable()
export class NestLogger extends Logger {
  constructor(
    logger: PinoLogger,
    @Inject(PARAMS_PROVIDER_TOKEN) params: Params,
    private readonly serviceLog: ServiceLog,
    private readonly errors: UnexpectedErrors,
  ) {
    super(logger, params);
  }

  override verbose(message: unknown, ...rest: unknown[]): void {
    if (this.#allows('trace', rest)) super.verbose(message, ...rest);
  }

  override debug(message: unknown, ...rest: unknown[]): void {
    if (this.#allows('debug', rest)) super.debug(message, ...rest);
  }

  override log(message: unknown, ...rest: unknown[]): void {
    if (this.#allows('info', rest)) super.log(message, ...rest);
  }

  override warn(message: unknown, ...rest: unknown[]): void {
    if (this.#allows('warn', rest)) super.warn(message, ...rest);
  }

  override error(message: unknown, ...rest: unknown[]): void {
    const error = errorIn(message);
    if (error) this.errors.capture(error, 'logged');
    if (this.#allows('error', rest)) super.error(message, ...rest);
  }

  override fatal(message: unknown, ...rest: unknown[]): void {
    if (this.#allows('fatal', rest)) super.fatal(message, ...rest);
  }

  #allows(level: LogLevel, rest: unknown[]): boolean {
    const context = rest.at(-1);
    return this.serviceLog.levels.allows(level, typeof context === 'string' ? context : undefined);
  }
}

/** Logged alone, or as the `err` of a line with more data. */
function errorIn(message: unknown): Error | undefined {
  if (message instanceof Error) return message;
  const { err } = (message ?? {}) as { err?: unknown };
  return err instanceof Error ? err : undefined;
}
