/** A deployer as a process of its own: `deployer.mjs deploy|resume|abort JSON`. It tells each step on a line, and waits a little. */
import { abortOnHosts, deployOnHosts, resumeOnHosts } from '../../dist/cli/hosts/deploy-on-hosts.js';

const [what, text] = process.argv.slice(2);
const { plan, digest } = JSON.parse(text);

function report(event) {
  const name = event.kind === 'host' ? event.step.kind : event.effect?.kind;
  if (name !== undefined) process.stdout.write(`${name}\n`);
}
const options = {
  ledger: null,
  bakeMs: 1000,
  waitMs: 0,
  verify: null,
  report,
  lookSeconds: 30,
  signal: new AbortController().signal,
};
const work = {
  deploy: () => deployOnHosts(plan, digest, options),
  resume: () => resumeOnHosts(plan, options),
  abort: () => abortOnHosts(plan, options),
};
const rollout = await work[what]();
process.stdout.write(`ended ${rollout?.ending}\n`);
