import type { IncomingMessage } from 'node:http';
import type { Share } from './bytes-in-flight.js';

const FIRST_BYTES = 1024;

/** Why a body was not read: it is larger than the route takes, the budget is used up, or its sender is gone. */
export type BodyRefusal = 'too-large' | 'overloaded' | 'aborted';

/** In the form in which it is passed between threads. */
export type WireBody = { text: string } | { refusal: BodyRefusal };

/** Whether a body follows the head. */
export function hasBody({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  return headers['transfer-encoding'] !== undefined || !['0', undefined].includes(headers['content-length']);
}

/**
 * Reads a body into one buffer, up to a number of bytes. The buffer grows with the bytes that arrive and counts against
 * the budget. So an announced length alone costs nothing, and chunks of one byte cost little.
 */
export function readBody(request: IncomingMessage, most: number, share: Share): Promise<Buffer | BodyRefusal> {
  const { promise, resolve } = Promise.withResolvers<Buffer | BodyRefusal>();
  let buffer = Buffer.alloc(0);
  let length = 0;
  const settle = (outcome: Buffer | BodyRefusal): void => {
    request.removeAllListeners('data').resume();
    resolve(outcome);
  };
  if (Number(request.headers['content-length']) > most) return Promise.resolve('too-large');
  request.on('data', (chunk: Buffer) => {
    const wanted = length + chunk.length;
    if (wanted > most) return settle('too-large');
    if (wanted > buffer.length) {
      const size = Math.min(most, Math.max(FIRST_BYTES, 2 * wanted));
      if (!share.take(size - buffer.length)) return settle('overloaded');
      const larger = Buffer.allocUnsafeSlow(size);
      buffer.copy(larger, 0, 0, length);
      buffer = larger;
    }
    chunk.copy(buffer, length);
    length = wanted;
  });
  request.once('end', () => settle(buffer.subarray(0, length)));
  request.once('close', () => settle('aborted'));
  request.once('error', () => settle('aborted'));
  return promise;
}
