import type { Words } from '../../platform/http/openapi/documented-words.js';

/** Events and sinks. */
export const eventsWords: Words = {
  'Sink.name': ['What the configuration calls it.', 'team-chat'],
  'Sink.kind': ['What it takes.', 'slack'],
  pending: ['How many events wait for it.', 0],
  oldestSeconds: ['Since when the oldest waits; null where nothing does.', null],
  lastSuccess: ['When it last took one; null for never.', '2026-03-02T10:00:00.000Z'],
  lastError: ['Why it did not take the last one that it refused; null for none.', null],
  deadLetters: ['How many events were given up after 24 h.', 0],
  pausedUntil: ['Until when a sink that takes nothing is left alone.', null],
  Nothing: ['An empty object, or nothing.', {}],
};
