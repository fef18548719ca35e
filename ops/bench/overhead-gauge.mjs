/** Loaded into the servers with --import: tells its parent what the main thread and the process have used. */
process.on('message', async (/** @type {{ restMs?: number }} */ { restMs }) => {
  if (restMs !== undefined) await collectGarbage();
  if (restMs !== undefined) await new Promise((resolve) => setTimeout(resolve, restMs));
  process.send?.({ thread: process.threadCpuUsage(), whole: process.cpuUsage(), memory: process.memoryUsage() });
});

/** Several times: what finalizers let go of is taken by the next one. */
async function collectGarbage() {
  for (let n = 0; n < 4; n += 1) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
