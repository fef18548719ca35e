import { createHash } from 'node:crypto';

const MOST_FRAMES = 5;

/** The same for errors of the same class from the same place, whatever ids, names and numbers their message holds. */
export function fingerprintOf(error: Error): string {
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const place = frames.slice(0, MOST_FRAMES).map((frame) => frame.trim().replace(/:\d+\)?$/, ''));
  const parts = place.length > 0 ? place : [error.message];
  return createHash('sha256')
    .update([error.name, ...parts].join('\n'))
    .digest('hex')
    .slice(0, 16);
}
