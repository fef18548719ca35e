import { createHash } from 'node:crypto';
import { framesOf, type StackFrame } from './stack-frames.js';

/** A statement that fails has five calls of TypeORM before the first of ours. */
const MOST_CALLS = 8;
const LONGEST_MESSAGE = 200;

/**
 * The same for errors of the same class and code from the same calls, whatever ids, names and numbers their message holds,
 * and in the next release too: the image's bundle has new file names and lines in each, but names its functions as the
 * sources do. Where no call has a name the message has to do, without what differs from one to the next.
 */
export function fingerprintOf(error: Error): string {
  const calls = framesOf(error).filter(isOurs).map(steadyName).slice(0, MOST_CALLS);
  const place = calls.some((call) => call !== '<anonymous>') ? calls : [wordsOf(error.message)];
  const { code } = error as { code?: unknown };
  return createHash('sha256')
    .update([error.name, String(code ?? ''), ...place].join('\n'))
    .digest('hex')
    .slice(0, 16);
}

/** Node's own calls are other ones in its next version. */
const isOurs = ({ filename }: StackFrame) => !filename.startsWith('node:');

/** Without what the bundler adds where two have one name: `_Store2.save` is `Store.save`. */
const steadyName = (frame: StackFrame) =>
  frame.function.replaceAll(/\b_{1,4}(?=\w)|(?<=[a-z_$])\d{1,6}\b| \[as [^[\]]{1,99}\]/gi, '');

const wordsOf = (message: string) =>
  message.slice(0, LONGEST_MESSAGE).replaceAll(/[\da-f-]+/gi, (word) => (/\d/.test(word) ? '0' : word));
