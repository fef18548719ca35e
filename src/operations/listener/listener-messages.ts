import type { WireAnswer } from './ops-answers.js';
import type { WireRequest } from './ops-responder.js';

/** What the listener's thread is given at its start. */
export interface ListenerData {
  host: string;
  port: number;
  shared: SharedArrayBuffer;
}

/** Places in the memory that both threads see. */
export const sharedSlots = { beats: 0, livezOk: 1, livezBroken: 2 } as const;

export type ToListener = { type: 'answer'; id: number; answer: WireAnswer } | { type: 'close' };

export type FromListener =
  | { type: 'listening'; port: number }
  | { type: 'failed'; code: string }
  | { type: 'request'; id: number; request: WireRequest };
