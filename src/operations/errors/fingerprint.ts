import { createHash } from 'node:crypto';
import { framesOf, type StackFrame } from './stack-frames.js';

/** A failed statement has five calls of TypeORM before the first of ours. */
const MOST_CALLS = 8;
const LONGEST_MESSAGE = 200;

/**
 * The same for errors of the same class and code from the same calls, whatever ids, names and numbers their messages
 * contain. It stays the same in the next release: the bundle of the image has new file names and lines, but names its
 * functions as the sources do. If no call has a name, the message is used, without the parts that vary.
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

/** Node's own calls differ in its next version. */
const isOurs = ({ filename }: StackFrame) => !filename.startsWith('node:');

/** Removes the number that the bundler adds if two have one name: `_Store2.save` is `Store.save`. */
const steadyName = (frame: StackFrame) =>
  frame.function.replaceAll(/\b_{1,4}(?=\w)|(?<=[a-z_$])\d{1,6}\b| \[as [^[\]]{1,99}\]/gi, '');

const wordsOf = (message: string) =>
  message.slice(0, LONGEST_MESSAGE).replaceAll(/[\da-f-]+/gi, (word) => (/\d/.test(word) ? '0' : word));
