import { run } from './stack.mjs';

/** Evaluates an expression in the main thread of an instance. It does not wait for a result: there may never be one. */
export async function evaluateIn(service: string, expression: string): Promise<void> {
  await run('ops/drills/evaluate', [service, expression]);
}
