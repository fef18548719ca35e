import { createHook } from 'node:async_hooks';

const kept: object[] = [];

/**
 * Keeps one object of the kind that `process.nextTick` queues. If none of these objects survives a garbage collection,
 * V8 forgets their shape, and the code in `nextTick` that creates them stays slow for ever. A small request, with about
 * six ticks, then costs a fifth more CPU time. Call this before there is much garbage.
 */
export function keepTickShape(): void {
  // Without promises, because hooks on them would slow every promise, even after the hooks are removed.
  const hook = createHook({
    trackPromises: false,
    init: (_id, type, _trigger, resource) => {
      if (type === 'TickObject') kept.push(resource);
    },
  }).enable();
  process.nextTick(() => undefined);
  hook.disable();
}
