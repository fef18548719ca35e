import * as fc from 'fast-check';
import { DueHeap } from './due-heap.js';

const popped = (heap: DueHeap<{ dueAtMs: number }>): number[] => {
  const times: number[] = [];
  for (let item = heap.pop(); item; item = heap.pop()) times.push(item.dueAtMs);
  return times;
};

describe('the heap of what is due', () => {
  it('gives back everything, in the order in which it is due', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), (times) => {
        const heap = new DueHeap<{ dueAtMs: number }>();
        for (const dueAtMs of times) heap.push({ dueAtMs });
        expect(popped(heap)).toEqual(times.toSorted((a, b) => a - b));
      }),
    );
  });

  it('keeps the order while it is used', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer())), (steps) => {
        const heap = new DueHeap<{ dueAtMs: number }>();
        const model: number[] = [];
        for (const step of steps) {
          const out = step === null ? heap.pop()?.dueAtMs : heap.push({ dueAtMs: step });
          expect(out).toBe(step === null ? model.shift() : undefined);
          if (step !== null) model.push(step);
          model.sort((a, b) => a - b);
          expect([heap.size, heap.first?.dueAtMs]).toEqual([model.length, model[0]]);
        }
      }),
    );
  });
});
