import { dim, red, releaseText, shortDigest, table, yellow, bold } from '../output/text.js';
import type { Outlook, PlannedHost } from './outlook.js';

/** The plan, as people read it before they confirm it. */
export function outlookLines(outlook: Outlook): string[] {
  const { service, environment, release, running, migration, hosts, findings, obstacles } = outlook;
  const [first] = hosts;
  const steps = `${count(outlook.replicas, 'container')} beside the old, switch, drain ${outlook.drainSeconds} s`;
  const rows = [
    ['from', releaseText(running)],
    ['to', `${releaseText(release)}${release.isKnown ? '' : dim(', new to the ledger')}`],
    ...(migration === null ? [] : [['migration', `${migration.join(' ')} ${dim(`(once, on ${first?.name ?? ''})`)}`]]),
    ['each host', steps],
    ...hosts.map((host) => [`batch ${host.batch}`, hostText(host, outlook)]),
    ...findings.map(({ what, state, detail, mend }) => [
      what,
      state === 'well' ? detail : yellow(`${detail} ${mend === null ? '' : `→ ${mend}`}`),
    ]),
  ];
  return [
    bold(`${service} in ${environment}`),
    ...table(rows).map((line) => `  ${line}`),
    ...obstacles.map(({ text, mend }) => `  ${red(text)} ${dim(`→ ${mend}`)}`),
  ];
}

function hostText({ name, live, unreachable }: PlannedHost, { running, release }: Outlook): string {
  if (unreachable !== null) return `${name} ${red('cannot be reached')}`;
  if (live === null) return `${name} ${dim('serves nothing yet')}`;
  const known = [running, release].find((each) => each?.digest === live.digest);
  return `${name} ${dim(`serves ${known?.version ?? shortDigest(live.digest)}`)}`;
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}
