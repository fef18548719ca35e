import { z } from 'zod';
import { ok, problem } from '../listener/ops-answers.js';
import { OpsRefusal, parseOpsBody } from '../listener/ops-body.js';
import type { OpsRoute } from '../listener/ops-routes.js';
import { logLevels, type LogLevels, type LoggerState } from './log-levels.js';

const overrideBody = z.strictObject({
  /** Null reverts at once. */
  level: z.enum([...logLevels, 'silent']).nullable(),
  ttlSeconds: z.int().min(1).max(3600).default(900),
});

/** Levels by context. What is changed reverts by itself: a debug level that is forgotten costs a disk. */
export function loggerRoutes(levels: LogLevels): OpsRoute[] {
  const path = '/loggers/{context}';
  const assertKnown = (context: string) => {
    if (levels.has(context)) return;
    throw new OpsRefusal(problem(404, `Nothing has logged as ${context} yet; /loggers lists what has.`));
  };
  return [
    { method: 'GET', path: '/loggers', access: 'read', answer: () => ok({ loggers: levels.list().map(shown) }) },
    {
      method: 'GET',
      path,
      access: 'read',
      answer: ({ parameter }) => {
        assertKnown(parameter);
        return ok(shown(levels.stateOf(parameter)));
      },
    },
    {
      method: 'PUT',
      path,
      access: 'write',
      answer: ({ parameter, body }) => {
        assertKnown(parameter);
        const { level, ttlSeconds } = parseOpsBody(overrideBody, body);
        const before = shown(levels.stateOf(parameter));
        if (level === null) levels.revert(parameter);
        else levels.override(parameter, level, ttlSeconds * 1000);
        const after = shown(levels.stateOf(parameter));
        return { ...ok(after), change: { before, after } };
      },
    },
  ];
}

function shown({ context, level, overriddenUntil }: LoggerState) {
  return { context, level, overriddenUntil: overriddenUntil === null ? null : new Date(overriddenUntil) };
}
