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

const told = [await ask()];
try {
  for (;;) openSync('/dev/null');
} catch {
  told.push(await ask());
}
writeSync(1, JSON.stringify(told));
