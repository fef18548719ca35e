/**
 * Loads large libraries one at a time, because loading one blocks the loop. Between them signals and probes are
 * handled.
 */
export async function loadInSteps(...loads: Array<() => Promise<unknown>>): Promise<void> {
  for (const load of loads) {
    await load();
    await new Promise(setImmediate);
  }
}
