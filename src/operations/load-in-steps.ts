/** Loads large libraries one at a time. In between signals are heard and probes answered: to load one stops the loop. */
export async function loadInSteps(...loads: Array<() => Promise<unknown>>): Promise<void> {
  for (const load of loads) {
    await load();
    await new Promise(setImmediate);
  }
}
