import { z } from 'zod';
import type { Settings } from '../config/settings.js';
import { type Json, type JsonObject, mergePatch } from './merge-patch.js';

const whole = (least: number, most: number) => {
  const error = `must be a whole number from ${least} to ${most}`;
  return z.int(error).min(least, error).max(most, error);
};
const days = whole(1, 3650);
const bakeSeconds = whole(0, 86_400);
const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** The settings that can change at run time. Every key has a default, which applies until it is overridden. */
function runtimeSchema({ appEnv, logLevel }: Pick<Settings, 'appEnv' | 'logLevel'>) {
  const isDeployed = appEnv === 'staging' || appEnv === 'production';
  const allowedLevels = isDeployed ? levels.slice(levels.indexOf('info')) : levels;
  const level = z.enum(
    allowedLevels,
    `must be one of ${allowedLevels.join(', ')} here; /loggers can go below for a time`,
  );
  return z.strictObject({
    logLevel: level.default(logLevel),
    gateDefaults: z
      .strictObject({
        bakeSeconds: z
          .strictObject({
            production: bakeSeconds.default(600),
            staging: bakeSeconds.default(180),
            development: bakeSeconds.default(30),
          })
          .prefault({}),
      })
      .prefault({}),
    /**
     * On one instance: for one token, and for one address, because each unknown token costs a query of the database.
     */
    rateLimits: z
      .strictObject({
        requestsPerMinute: whole(60, 1_000_000).default(30_000),
        unknownTokensPerSecond: whole(1, 10_000).default(50),
      })
      .prefault({}),
    retention: z
      .strictObject({
        auditLogDays: days.default(730),
        eventsDays: days.default(90),
        measurementsDays: days.default(90),
      })
      .prefault({}),
  });
}

export type RuntimeSettings = z.output<ReturnType<typeof runtimeSchema>>;

export interface RuntimeFault {
  path: string[];
  detail: string;
}

/** Overrides with an unknown key or an invalid value. */
export class InvalidOverrides extends Error {
  override readonly name = 'InvalidOverrides';

  constructor(readonly faults: readonly RuntimeFault[]) {
    super(faults.map(({ path, detail }) => `${path.join('.')} ${detail}`).join('; '));
  }
}

/** Turns overrides into settings. Missing keys get their defaults. */
export class RuntimeSchema {
  readonly #schema: ReturnType<typeof runtimeSchema>;

  constructor(settings: Pick<Settings, 'appEnv' | 'logLevel'>) {
    this.#schema = runtimeSchema(settings);
  }

  /** Throws `InvalidOverrides`, which names every fault. */
  parse(overrides: unknown): RuntimeSettings {
    const result = this.#schema.safeParse(overrides);
    if (result.success) return Object.freeze(result.data);
    throw new InvalidOverrides(result.error.issues.flatMap(faultsOf));
  }

  faultsOf(overrides: unknown): RuntimeFault[] {
    return this.#schema.safeParse(overrides).error?.issues.flatMap(faultsOf) ?? [];
  }

  /** The same for stored overrides of another version. Ignores those that this version does not know. */
  parseStored(overrides: JsonObject): RuntimeSettings {
    try {
      return this.parse(overrides);
    } catch (error) {
      if (!(error instanceof InvalidOverrides)) throw error;
      return this.parse(error.faults.reduce<Json>((kept, { path }) => mergePatch(kept, removalOf(path)), overrides));
    }
  }
}

function faultsOf(issue: z.core.$ZodIssue): RuntimeFault[] {
  const path = issue.path.map(String);
  if (issue.code !== 'unrecognized_keys') return [{ path, detail: issue.message }];
  return issue.keys.map((key) => ({ path: [...path, key], detail: 'cannot be changed at runtime' }));
}

function removalOf(path: readonly string[]): Json {
  return path.reduceRight<Json>((inner, key) => ({ [key]: inner }), null);
}
