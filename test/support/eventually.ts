import { setTimeout as delay } from 'node:timers/promises';

const TRY_EVERY_MS = 20;

/** Asks again until the assertion holds, and fails with its last refusal when the time is up: never waits longer than it must. */
export async function eventually<T>(assertion: () => T | Promise<T>, withinMs = 30_000): Promise<T> {
  const end = performance.now() + withinMs;
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (performance.now() >= end) throw error;
    }
    await delay(TRY_EVERY_MS);
  }
}
