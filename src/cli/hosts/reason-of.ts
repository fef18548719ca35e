import { HostFailure } from './host-failure.js';

/** What a person is told of a failure, with the last lines of the container that failed. */
export function reasonOf(error: unknown): string {
  if (error instanceof HostFailure && error.lastLines !== '') return `${error.message}\n${error.lastLines}`;
  return error instanceof Error ? error.message : String(error);
}
