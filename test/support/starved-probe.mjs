// Probes the URL in its arguments, from the built program, in a process that has no file descriptor left, and tells how
// that ended: `ulimit -n 64; node starved-probe.mjs http://127.0.0.1:1234/`.
import { openSync, writeSync } from 'node:fs';

const built = (path) => import(new URL(`../../dist/${path}`, import.meta.url).href);
const { LoopDelay } = await built('platform/probes/loop-delay.js');
const { ProbeTargets } = await built('platform/probes/probe-targets.js');
const { HttpProbe } = await built('delivery/gates/checks/http-probe.js');

const targets = new ProbeTargets({ probeAllow: ['127.0.0.1'] }, null);
const probe = new HttpProbe(targets, { observe: () => undefined }, new LoopDelay());
const ask = () =>
  probe.get(new URL(process.argv[2]), 5000, {}).then(
    ({ status }) => `status ${status}`,
    ({ name, message }) => `${name}: ${message}`,
  );

/** Until none is left, and none comes back: the socket of the probe before is closed some turns of the loop later. */
async function takeEveryDescriptor() {
  for (let inVain = 0; inVain < 100; inVain += 1) {
    await new Promise(setImmediate);
    try {
      for (;;) {
        openSync('/dev/null');
        inVain = 0;
      }
    } catch (error) {
      if (error.code !== 'EMFILE') throw error;
    }
  }
}

const told = [await ask()];
await takeEveryDescriptor();
told.push(await ask());
writeSync(1, JSON.stringify(told));
