import { writeFile } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { writeHeapSnapshot } from 'node:v8';

const PROFILED_FOR_MS = 30_000;
/** A recording can contain secrets, because the memory of the process does. */
const FOR_US_ALONE = 0o600;

export const diagnosticKinds = ['heap-snapshot', 'cpu-profile', 'report'] as const;

export type DiagnosticKind = (typeof diagnosticKinds)[number];

interface Recording {
  extension: string;
  /** Whether it blocks the event loop; with a large heap that takes seconds. */
  isStalling: boolean;
  record: (path: string) => Promise<void>;
}

export type Recordings = Readonly<Record<DiagnosticKind, Recording>>;

export const recordings: Recordings = {
  'heap-snapshot': { extension: 'heapsnapshot', isStalling: true, record: recordHeap },
  'cpu-profile': { extension: 'cpuprofile', isStalling: false, record: recordProfile },
  report: { extension: 'json', isStalling: false, record: recordReport },
};

async function recordHeap(path: string): Promise<void> {
  await writeFile(path, '', { mode: FOR_US_ALONE });
  writeHeapSnapshot(path);
}

async function recordProfile(path: string): Promise<void> {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.start');
    await delay(PROFILED_FOR_MS, undefined, { ref: false });
    const { profile } = await session.post('Profiler.stop');
    await writeFile(path, JSON.stringify(profile), { mode: FOR_US_ALONE });
  } finally {
    session.disconnect();
  }
}

/**
 * Removes the environment, which contains secrets and is not needed in a report. Node's own `excludeEnv` leaves it in
 * the part of each worker thread.
 */
function withoutEnvironment(key: string, value: unknown): unknown {
  return key === 'environmentVariables' ? undefined : value;
}

async function recordReport(path: string): Promise<void> {
  if (!process.report) throw new Error('this Node makes no reports');
  const text = JSON.stringify(process.report.getReport(), withoutEnvironment);
  await writeFile(path, text, { mode: FOR_US_ALONE });
}
